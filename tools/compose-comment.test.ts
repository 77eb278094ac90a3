import { SCHEMA_VERSION } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { composeComment } from './compose-comment.ts';

const VERDICT = {
  strategy: 'mine',
  world: 'partial-table',
  history: 'block-first',
  fwb: false,
  verdict: 'safe',
  states: 1200,
  transitions: 2000,
  depth: 9,
  complete: true,
  bounds: { maxStates: 10_000, maxSeconds: 60, maxBytes: 1e9 },
  bytesPerState: 20,
  bytes: 24_000,
  elapsedMs: 5,
};

function verifyText(...results: object[]): string {
  return JSON.stringify({ schemaVersion: 1, results: results.map((result) => ({ ...VERDICT, ...result })) });
}

/** A small matrix: the baseline with a window of 130 ms, and another strategy with its own. */
function matrixText(longestNs: number): string {
  const result = (strategy: string, window: number): object => ({
    status: 'ok',
    cell: {
      strategy,
      vcpus: 20,
      memoryBytes: 2 ** 30,
      granuleBytes: 2 ** 30,
      pageSizeBytes: 4096,
      backing: 'hugetlb',
      history: 'block-first',
      profile: 'kunpeng920',
      kernel: 'v5.12p1',
      workload: 'page-table-test',
      seed: 1,
    },
    stages: {
      ADJUST: {
        timeNs: 3.15e9,
        faults: { translation: 1, permission: 0, spurious: 0, retried: 0 },
        maps: 1,
        relaxed: 0,
        tlbi: { vmid: 1, ipa: 0, range: 0 },
        cleanedBytes: 0,
        invalidatedBytes: 0,
        tablePages: { allocated: 0, freed: 1 },
        invalidWindow: { count: 1, longestNs: window, totalNs: window, pageSeconds: 1 },
        stallNs: { p50: 1, p99: 1, max: 1 },
        lockWaitNs: 0,
        staleReads: 0,
        extrapolated: false,
      },
    },
  });
  return JSON.stringify({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 's2bench', version: '0.1.0' },
    command: 's2bench run',
    strategies: [],
    profiles: [],
    cells: [result('baseline', 130e6), result('clean-first', longestNs)],
  });
}

describe('the comment', () => {
  it('is the comparison where no strategy was run', () => {
    expect(composeComment('equal: 24 cells.\n', [])).toBe('equal: 24 cells.\n');
  });
  it('has a row with the verdict of each strategy that was verified', () => {
    const text = composeComment('equal.\n', [
      { strategy: 'mine', verify: verifyText({}, { world: 'full-table' }), report: undefined },
      { strategy: 'cut-off', verify: verifyText({ verdict: 'incomplete', complete: false }), report: undefined },
    ]);
    expect(text).toContain('| `mine` | safe | 2 | 2,400 |');
    expect(text).toContain('| `cut-off` | nothing found, not everything explored | 1 | 1,200 |');
  });
  it('says in its first line what a strategy gains beside the baseline, where no report has changed', () => {
    const results = [
      { strategy: 'clean-first', verify: verifyText({}), report: undefined, results: matrixText(1.9e3) },
    ];
    const [first] = composeComment(
      'thread-2021 of main and thread-2021 as it is now are equal: 24 cells.\n',
      results,
    ).split('\n');
    expect(first).toBe(
      '`clean-first`: **Better**: ADJUST invalid window 130 ms → 1.90 µs, 68\u202F000× shorter, beside `baseline`.',
    );
    const [news] = composeComment('**Worse**: all is slow.\n', results).split('\n');
    expect(news).toBe('**Worse**: all is slow.');
    const broken = [
      { ...results[0], strategy: 'clean-first', verify: verifyText({ verdict: 'unsafe', rule: 'data-coherency' }) },
    ];
    const [worst] = composeComment('**Better**: all is fast.\n', broken as typeof results).split('\n');
    expect(worst).toBe('**Worse**: `clean-first` breaks data-coherency.');
  });
  it('folds the times of each, without pictures that it cannot show, under headings of its own', () => {
    const report = '# Results\n\n![chart](chart.svg)\n\n## Times\n\n| a | b |\n';
    const text = composeComment('equal.\n', [{ strategy: 'mine', verify: undefined, report }]);
    expect(text).toContain('<summary>Times of <code>mine</code></summary>\n\n### Results\n\n#### Times\n\n| a | b |\n');
    expect(text).not.toContain('chart.svg');
  });
  it('stays under the limit of GitHub, and says what it leaves out', () => {
    const report = 'x'.repeat(30_000);
    const strategies = ['a', 'b', 'c', 'd'].map((strategy) => ({ strategy, verify: undefined, report }));
    const text = composeComment('equal.\n', strategies);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/the times of c, d\.\n$/);
  });
  it('refuses a verdict of another schema', () => {
    expect(() =>
      composeComment('', [{ strategy: 'mine', verify: '{"schemaVersion":99}', report: undefined }]),
    ).toThrow();
  });
});
