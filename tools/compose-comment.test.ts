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
