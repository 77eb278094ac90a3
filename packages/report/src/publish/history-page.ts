/** A history as a page of tables. */
import type { RootContent } from 'mdast';
import { formatChange } from '../compare/words.ts';
import { formatCount } from '../format/count.ts';
import { formatTime } from '../format/time.ts';
import { code, heading, paragraph, root, table } from '../markdown/tree.ts';
import type { Inline } from '../markdown/tree.ts';
import { writeMarkdown } from '../markdown/write.ts';
import type { StageName } from '../schema.ts';
import { inOneOrder } from '../stage-names.ts';
import type { HistoryRow } from './history.ts';

/** Rows of a table; the file has all. */
const MAX_ROWS = 50;
const COMMIT_DIGITS = 12;

type StrategyEntry = HistoryRow['strategies'][string];

/** One table: a number per strategy. */
interface Measure {
  readonly title: string;
  readonly valueOf: (entry: StrategyEntry) => number | undefined;
  readonly format: (value: number) => string;
}

/**
 * The tables of a history, newest first, each number with its change since the row before.
 *
 * @param title - of the report
 */
export function renderHistory(rows: readonly HistoryRow[], title: string): string {
  const shown = rows.slice(-MAX_ROWS);
  const stages = inOneOrder(rows.flatMap((row) => entriesOf(row).map(({ timeNs }) => Object.keys(timeNs))));
  return writeMarkdown(
    root([
      heading(1, `History: ${title}`),
      paragraph(
        'One row for each time that the published results have changed, the newest first, with the change since the row ',
        'before. The commit is the one that was checked out; a plus sign says that files differed from it. Where the matrix or ',
        'a profile has changed there is no percentage: the numbers are not of the same experiment. ',
        ...(rows.length > shown.length
          ? [`Of ${String(rows.length)} rows the last ${String(shown.length)} are shown; `]
          : ['The rows are in ']),
        code('history.ndjson'),
        rows.length > shown.length ? ' has all.' : '.',
      ),
      ...stages.flatMap((stage) => section(shown, timeMeasure(stage))),
      ...section(shown, {
        title: 'Longest invalid window',
        valueOf: (entry) => entry.longestWindowNs,
        format: formatTime,
      }),
      ...section(shown, {
        title: 'Stale reads, summed over the cells',
        valueOf: (entry) => entry.staleReads,
        format: formatCount,
      }),
      ...verdictSection(shown),
    ]),
  );
}

function timeMeasure(stage: StageName): Measure {
  return {
    title: `${stage}: simulated time, summed over the cells`,
    valueOf: ({ timeNs }) => timeNs[stage],
    format: formatTime,
  };
}

function section(rows: readonly HistoryRow[], { title, valueOf, format }: Measure): readonly RootContent[] {
  return tableSection(rows, title, 'right', (row, before, name) => {
    const value = valueAt(row, name, valueOf);
    if (value === undefined) return '–';
    const old = before !== undefined && areComparable(before, row) ? valueAt(before, name, valueOf) : undefined;
    if (old === undefined || old === value) return format(value);
    return `${format(value)} (${formatChange({ from: old, to: value })})`;
  });
}

function verdictSection(rows: readonly HistoryRow[]): readonly RootContent[] {
  return tableSection(
    rows,
    'Worst verdict',
    'left',
    (row, _, name) => row.strategies[name]?.verdict.replace('-', ' ') ?? '–',
  );
}

function tableSection(
  rows: readonly HistoryRow[],
  title: string,
  align: 'left' | 'right',
  valueOf: (row: HistoryRow, before: HistoryRow | undefined, strategy: string) => string,
): readonly RootContent[] {
  const names = [...new Set(rows.flatMap(({ strategies }) => Object.keys(strategies)))];
  return [
    heading(2, title),
    table({
      columns: [
        { label: 'commit', align: 'left' },
        { label: 's2bench', align: 'left' },
        ...names.map((label) => ({ label, align })),
      ],
      rows: rows
        .map((row, index): readonly (readonly Inline[])[] => [
          commitText(row),
          [row.toolVersion],
          ...names.map((name) => [valueOf(row, rows[index - 1], name)]),
        ])
        .reverse(),
    }),
  ];
}

function commitText({ commit, modified }: HistoryRow): readonly Inline[] {
  return commit === null ? ['–'] : [code(`${commit.slice(0, COMMIT_DIGITS)}${modified ? '+' : ''}`)];
}

function valueAt(row: HistoryRow, name: string, valueOf: Measure['valueOf']): number | undefined {
  const entry = row.strategies[name];
  return entry === undefined ? undefined : valueOf(entry);
}

function areComparable(a: HistoryRow, b: HistoryRow): boolean {
  return a.matrix === b.matrix && JSON.stringify(a.profiles) === JSON.stringify(b.profiles);
}

function entriesOf({ strategies }: HistoryRow): readonly StrategyEntry[] {
  return Object.values(strategies);
}
