/** Results as a table for a terminal. */
import { commonCaption, okResults, stagesOf, varyingDimensions } from './cells.ts';
import { largestErrorPercent, publishedRows } from './findings/published.ts';
import { formatPercent } from './format/percent.ts';
import { GAP, displayWidth, drawPlainTable, paint } from './plain-table.ts';
import { printable } from './printable.ts';
import { columnsOf } from './table-columns.ts';
import type { TableColumn } from './table-columns.ts';
import type { CellResult, OkResult, ResultDocument } from './schema.ts';

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
  const { kept, dropped } = fit(columns, results, options.columns);
  const lines = [
    ...wrapped(commonCaption(document.cells.map(({ cell }) => cell)), options.columns),
    ...(results.length === 0 || kept.length === 0 ? [] : [draw(kept, results, options)]),
    ...notes(document, dropped),
    ...document.cells.flatMap((result) => (result.status === 'ok' ? [] : [missingLine(document, result, options)])),
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function fit(
  columns: readonly TableColumn[],
  results: readonly OkResult[],
  width: number,
): { readonly kept: readonly TableColumn[]; readonly dropped: readonly TableColumn[] } {
  const dropped: TableColumn[] = [];
  let kept = [...columns];
  const widthOf = (column: TableColumn): number =>
    Math.max(
      ...column.label.split('\n').map(displayWidth),
      ...results.map((result) => displayWidth(column.value(result))),
    );
  const total = (): number => kept.reduce((sum, column) => sum + widthOf(column), (kept.length - 1) * GAP.length);
  while (total() > width) {
    // The first to go has the highest rank; columns without one always stay.
    const last = kept.filter(({ dropRank }) => dropRank > 0).sort((a, b) => b.dropRank - a.dropRank)[0];
    if (last === undefined) break;
    kept = kept.filter((column) => column !== last);
    dropped.push(last);
  }
  return { kept, dropped };
}

function draw(columns: readonly TableColumn[], results: readonly OkResult[], { color }: TableOptions): string {
  const rows = results.map((result) =>
    columns.map((column) => ({ text: column.value(result), alarm: column.alarm?.(result) })),
  );
  return drawPlainTable(columns, rows, color);
}

function notes(document: ResultDocument, dropped: readonly TableColumn[]): readonly string[] {
  const results = okResults(document);
  const extrapolated = results.some((result) => Object.values(result.stages).some((stage) => stage.extrapolated));
  return [
    ...(extrapolated ? ['~ simulated in part and extrapolated'] : []),
    ...verdictNote(document),
    ...publishedNote(document),
    ...(dropped.length === 0
      ? []
      : [
          `too wide for this terminal, left out: ${dropped.map(({ label }) => label.replaceAll('\n', ' ')).join(', ')}`,
        ]),
  ];
}

/** What a verdict beside a time covers. */
function verdictNote({ cells }: ResultDocument): readonly string[] {
  const isExplored = cells.some(({ verdict }) => verdict !== undefined && verdict.status !== 'not-explored');
  return isExplored
    ? ['verdicts are of the landmark worlds; branches untested there were not judged: s2bench verify has them all']
    : [];
}

function publishedNote(document: ResultDocument): readonly string[] {
  const rows = publishedRows(document);
  if (rows.length === 0) return [];
  const largest = formatPercent(largestErrorPercent(rows));
  return [`${String(rows.length)} published median${rows.length === 1 ? '' : 's'}: largest error ${largest}`];
}

function missingLine(document: ResultDocument, result: Exclude<CellResult, OkResult>, { color }: TableOptions): string {
  const varying = varyingDimensions(document.cells.map(({ cell }) => cell));
  const name = varying.map((dimension) =>
    dimension.isName ? dimension.show(result.cell) : dimension.describe(result.cell),
  );
  const status = color ? paint(result.status === 'failed' ? 'red' : 'yellow', result.status) : result.status;
  const verdict = result.verdict?.status === 'unsafe' ? ['unsafe'] : [];
  return [status, [...name, ...verdict].join(', '), result.reason.replace(/\s+/g, ' ')]
    .filter((part) => part !== '')
    .join(': ');
}

/** The text in lines that are no wider than the terminal, broken after commas. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of text.split(', ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + displayWidth(part) + 3 <= width)
      lines[lines.length - 1] = `${last}, ${part}`;
    else {
      if (last !== undefined) lines[lines.length - 1] = `${last},`;
      lines.push(part);
    }
  }
  return lines;
}
