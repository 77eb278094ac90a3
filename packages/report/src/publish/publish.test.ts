import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { NamedDocument } from '../compare/names.ts';
import { ResultDocumentError } from '../parse.ts';
import type { ResultDocument } from '../schema.ts';
import { collectResults } from './collect.ts';
import { renderHistory } from './history-page.ts';
import { appendRow, historyRow, historyText, parseHistory } from './history.ts';
import { renderReportIndex } from './index-page.ts';

const CHECKOUT = { commit: '0123456789abcdef0123456789abcdef01234567', modified: false };

function collect(...documents: readonly ResultDocument[]): ResultDocument {
  return collectResults(
    documents.map((document, index): NamedDocument => ({ name: `${String.fromCharCode(97 + index)}.json`, document })),
  );
}

/** The thread's matrix with every time of one strategy so many times longer. */
function slower(strategy: string, factor: number): ResultDocument {
  return documentOf(
    threadCells().map((result) => {
      const { ADJUST } = result.stages;
      if (result.cell.strategy !== strategy || ADJUST === undefined) return result;
      return { ...result, stages: { ADJUST: { ...ADJUST, timeNs: ADJUST.timeNs * factor } } };
    }),
  );
}

describe('collectResults', () => {
  it('leaves a single document as it is', () => {
    expect(collect(threadDocument())).toEqual(threadDocument());
  });

  it('leaves out where it was made, which is another place on each machine', () => {
    const environment = { argv: ['run'], node: 'v24.0.0', arch: 'arm64', cpu: 'one', cores: 2 };
    expect(collect({ ...threadDocument(), environment })).toEqual(threadDocument());
  });

  it('puts the cells of several into one, each once, with all commands', () => {
    const cells = threadCells();
    const [one, two] = [
      documentOf(cells.slice(0, 15), { command: 'one' }),
      documentOf(cells.slice(10), { command: 'two' }),
    ];
    const { preset: _, ...rest } = threadDocument();
    expect(collect(one, two)).toEqual({ ...rest, command: 'one\ntwo' });
  });

  it.each<[string, Partial<ResultDocument>, RegExp]>([
    [
      'of another version',
      { tool: { name: 's2bench', version: '0.2.0' } },
      /^b\.json: is of s2bench 0\.2\.0, and a\.json of 0\.1\.0/,
    ],
    [
      'with another workload of the same name',
      { workloads: threadDocument().workloads?.map((workload) => ({ ...workload, hash: 'f'.repeat(64) })) },
      /^b\.json: workload page-table-test is not the one of a\.json/,
    ],
    [
      'on another profile of the same name',
      { profiles: threadDocument().profiles.map((profile) => ({ ...profile, hash: 'f'.repeat(64) })) },
      /^b\.json: profile kunpeng920 is not the one of a\.json/,
    ],
    [
      'of another strategy of the same name',
      { strategies: threadDocument().strategies.map((strategy) => ({ ...strategy, version: '9' })) },
      /^b\.json: strategy baseline is not the one of a\.json/,
    ],
    [
      'of another kernel model of the same name',
      { kernels: [{ name: 'v5.12p1', summary: 'another one' }] },
      /^b\.json: kernel model v5\.12p1 is not the one of a\.json/,
    ],
    [
      'with another result',
      { cells: [...slower('baseline', 2).cells] },
      /^b\.json: has another result than a\.json for baseline|^b\.json: has another result than a\.json for strategy baseline, 20 vCPUs/,
    ],
    [
      'with a failed cell',
      { cells: [{ cell: threadCell(), status: 'failed', reason: 'threw' }] },
      /^b\.json: has a failed cell \(threw\)/,
    ],
    ['without cells', { cells: [] }, /^b\.json: has no cells/],
  ])('refuses a document %s', (_, change, message) => {
    const refused = (): unknown => collect(threadDocument(), threadDocument(change));
    expect(refused).toThrow(ResultDocumentError);
    expect(refused).toThrow(message);
  });
});

describe('a history', () => {
  const first = historyRow(threadDocument(), CHECKOUT);

  it('gets a row where results have changed, and none where they have not', () => {
    const rows = appendRow([], first);
    expect(appendRow(rows, historyRow(threadDocument({ title: 'reworded' }), { commit: null, modified: true }))).toBe(
      rows,
    );
    expect(appendRow(rows, historyRow(slower('baseline', 1.000001), CHECKOUT))).toHaveLength(2);
  });

  it('is read as it was written', () => {
    const rows = [first, historyRow(slower('baseline', 2), { commit: null, modified: false })];
    const text = historyText(rows);
    expect(parseHistory(text, 'history.ndjson')).toEqual(rows);
    expect(historyText(parseHistory(text, 'history.ndjson'))).toBe(text);
    expect(parseHistory('', 'history.ndjson')).toEqual([]);
  });

  it.each([
    ['{"schemaVersion": 1', /^history\.ndjson:2: not JSON: [^\n]+$/],
    ['{"schemaVersion": 9}', /^history\.ndjson:2: schemaVersion: [^\n]+$/],
    [historyText([{ ...first, commit: 'main' }]), /^history\.ndjson:2: commit: [^\n]+$/],
  ])('refuses a line %#', (line, message) => {
    expect(() => parseHistory(historyText([first]) + line, 'history.ndjson')).toThrow(message);
  });

  it('sums times, and takes the longest window and the worst verdict', () => {
    const [one, two] = [okResult(threadCell({ vcpus: 20 })), okResult(threadCell({ vcpus: 40 }))];
    const document = documentOf([
      { ...one, verdict: { status: 'safe' } },
      { ...two, verdict: { status: 'unsafe' } },
    ]);
    const { baseline } = historyRow(document, CHECKOUT).strategies;
    expect(baseline?.timeNs['ADJUST']).toBe((one.stages['ADJUST']?.timeNs ?? 0) + (two.stages['ADJUST']?.timeNs ?? 0));
    expect(baseline?.longestWindowNs).toBe(one.stages['ADJUST']?.invalidWindow.longestNs);
    expect(baseline?.verdict).toBe('unsafe');
  });

  it('shows the change since the row before, but not across matrices or profiles', () => {
    const times = (...rows: Parameters<typeof renderHistory>[0][number][]): string[] => {
      const lines = renderHistory(rows, 'title').split('\n');
      const from = lines.findIndex((line) => line.startsWith('## ADJUST'));
      return lines.slice(from + 4, from + 4 + rows.length).map((line) => line.split('|')[3]?.trim() ?? '');
    };
    const second = historyRow(slower('baseline', 1.06), CHECKOUT);
    expect(times(first, second)).toEqual([
      expect.stringMatching(/^\d\d\.\d s \(\+6\.00 %\)$/),
      expect.stringMatching(/^\d\d\.\d s$/),
    ]);
    const smaller = historyRow(documentOf(slower('baseline', 1.06).cells.slice(1)), CHECKOUT);
    expect(times(first, smaller)[0]).not.toContain('%');
    expect(times(first, { ...second, profiles: { kunpeng920: 'f'.repeat(64) } })[0]).not.toContain('%');
  });
});

describe('the list of reports', () => {
  it('says what was found, and which strategy is safe where', () => {
    const cells = threadCells().map((result) => ({
      ...result,
      verdict: {
        status:
          result.cell.strategy === 'install-first-no-cmo' && result.cell.history === 'logging-first'
            ? ('unsafe' as const)
            : ('safe' as const),
      },
    }));
    const text = renderReportIndex([{ name: 'thread-2021', document: documentOf(cells), hasHistory: true }]);
    expect(text).toContain('## [thread-2021](thread-2021/README.md)');
    expect(text).toContain('- `baseline`: safe\n');
    expect(text).toContain('- `install-first-no-cmo`: **unsafe** under `logging-first`; safe under `block-first`\n');
    expect(text).toContain('[history](thread-2021/HISTORY.md)');
    expect(text).not.toMatch(/\b20\d\d-\d\d-\d\d\b/);
  });
});
