/** Results as a table for a terminal. */
import { commonCaption, okResults, stagesOf, varyingDimensions } from './cells.ts';
import { largestErrorPercent, publishedRows } from './findings/published.ts';
import { formatPercent } from './format/percent.ts';
import { printable } from './printable.ts';
import { columnsOf } from './table-columns.ts';
import type { CellResult, OkResult, ResultDocument } from './schema.ts';
import { fitPlainTable } from './text/fit.ts';
import { breakLines } from './text/lines.ts';
import { paint } from './text/table.ts';

/** How a table is shown. */
export interface TableOptions {
  /** Columns of the terminal. Where the table is wider, its least important columns are left out and named below it. */
  readonly columns: number;
  /** Whether to mark what is wrong in colour. The words are there without it. */
  readonly color: boolean;
}

/**
 * A table of the simulated cells, one row each; what all cells share stands in the line above, and cells without a result
 * in lines below. Times are simulated.
 */
export function renderTable(unread: ResultDocument, options: TableOptions): string {
  const document = printable(unread);
  const results = okResults(document);
  const stages = stagesOf(results);
  const columns = columnsOf(document, stages);
  const rows = results.map((result) =>
    columns.map((column) => ({ text: column.value(result), alarm: column.alarm?.(result) })),
  );
  const { text, dropped } = fitPlainTable(columns, rows, options);
  const lines = [
    ...brokenAtCommas(commonCaption(document.cells.map(({ cell }) => cell)), options.columns),
    ...(results.length === 0 ? [] : [text]),
    ...[...notes(document, dropped), ...missingLines(document)].flatMap(({ line, format }) =>
      breakLines(line, options.columns, '  ').map((each) =>
        options.color && format !== undefined ? paint(format, each) : each,
      ),
    ),
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

/** What the sign before a time says, where one of them has it. */
export function extrapolatedNote(results: readonly OkResult[]): readonly string[] {
  const isThere = results.some(({ stages }) => Object.values(stages).some(({ extrapolated }) => extrapolated));
  return isThere ? ['~ simulated in part and extrapolated'] : [];
}

/** A line below the table. */
interface Note {
  readonly line: string;
  readonly format?: 'red' | 'yellow';
}

function notes(document: ResultDocument, dropped: readonly string[]): readonly Note[] {
  const results = okResults(document);
  return [
    ...extrapolatedNote(results).map((line) => ({ line })),
    ...verdictNote(document),
    ...publishedNote(document),
    ...(dropped.length === 0 ? [] : [{ line: `too wide for this terminal, left out: ${dropped.join(', ')}` }]),
  ];
}

/** What a verdict beside a time covers. */
function verdictNote({ cells }: ResultDocument): readonly Note[] {
  const isExplored = cells.some(({ verdict }) => verdict !== undefined && verdict.status !== 'not-explored');
  const line =
    'verdicts are of the landmark worlds; branches untested there were not judged: s2bench verify has them all';
  return isExplored ? [{ line }] : [];
}

function publishedNote(document: ResultDocument): readonly Note[] {
  const rows = publishedRows(document);
  if (rows.length === 0) return [];
  const largest = formatPercent(largestErrorPercent(rows));
  return [{ line: `${String(rows.length)} published median${rows.length === 1 ? '' : 's'}: largest error ${largest}` }];
}

/** Names of so many cells stand in a line with their reason; of more their number. */
const MOST_NAMES = 4;

/** Why cells have no result: a line for each reason. */
export function missingLines(document: ResultDocument): readonly Note[] {
  const varying = varyingDimensions(document.cells.map(({ cell }) => cell));
  const nameOf = ({ cell, verdict }: CellResult): string =>
    [
      ...varying.map((dimension) => (dimension.isName ? dimension.show(cell) : dimension.describe(cell))),
      ...(verdict?.status === 'unsafe' ? ['unsafe'] : []),
    ].join(', ');
  const missing = document.cells.filter((result): result is Exclude<CellResult, OkResult> => result.status !== 'ok');
  const groups = Map.groupBy(missing, ({ status, reason }) => `${status} ${reason}`);
  return [...groups.values()].map((cells): Note => {
    const { status, reason } = cells[0] as Exclude<CellResult, OkResult>;
    const names = cells.map(nameOf).filter((name) => name !== '');
    const shown = names.slice(0, MOST_NAMES).join('; ');
    const more = names.length > MOST_NAMES ? `; and ${String(names.length - MOST_NAMES)} more` : '';
    const which = shown === '' ? [] : [cells.length === 1 ? shown : `${String(cells.length)} cells (${shown}${more})`];
    return {
      line: [status, ...which, reason.replace(/\s+/g, ' ')].join(': '),
      format: status === 'failed' ? 'red' : 'yellow',
    };
  });
}

/** The text in lines that are no wider than the terminal, broken after commas. */
function brokenAtCommas(text: string, width: number): readonly string[] {
  // What has no comma in it is glued, and takes a line of its own where it is wider than one.
  return breakLines(text.replaceAll(/(?<!,) /g, '\u00A0'), width).map((line) => line.replaceAll('\u00A0', ' '));
}
