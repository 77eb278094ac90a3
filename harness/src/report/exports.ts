/** Results for other programs: CSV for spreadsheets and R, KTAP for what reads kernel tests. */
import type { CellResult, ResultDocument } from '@s2bench/report/schema';
import { stringify } from 'csv-stringify/sync';

/** The formats beside the table and JSON. */
export const EXPORT_FORMATS = ['csv', 'ktap'] as const;

/** Name of a format. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Writes a result in a format. */
export function exportResult(document: ResultDocument, format: ExportFormat): string {
  return format === 'csv' ? csvOf(document) : ktapOf(document.cells);
}

/**
 * A row for each stage of each cell, one for a cell that has none. Columns are named as the schema names its fields; what
 * a stage does not have is empty.
 */
function csvOf({ cells }: ResultDocument): string {
  const rows = cells.flatMap((result): Record<string, unknown>[] => {
    const head: Record<string, unknown> = { ...result.cell, status: result.status, verdict: result.verdict?.status };
    if (result.status !== 'ok') return [{ ...head, reason: result.reason }];
    return Object.entries(result.stages).map(([stage, found]) => ({ ...head, stage, ...flat({ ...found }) }));
  });
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return stringify(rows, { header: true, columns });
}

/** Fields of fields get names with points: `invalidWindow.longestNs`. */
function flat(value: object, path = ''): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    if (typeof field === 'object' && field !== null && !Array.isArray(field))
      Object.assign(fields, flat(field, `${path}${key}.`));
    else fields[path + key] = Array.isArray(field) ? JSON.stringify(field) : field;
  }
  return fields;
}

/** A test for each cell, failed where its strategy is unsafe, as Documentation/dev-tools/ktap.rst of Linux has it. */
function ktapOf(cells: readonly CellResult[]): string {
  const lines = cells.map((result, at) => {
    const name = nameOf(result);
    const number = at + 1;
    if (result.status === 'skipped') return `ok ${number} ${name} # SKIP ${inKtapLine(result.reason)}`;
    if (result.status === 'failed') return `not ok ${number} ${name} # ERROR ${inKtapLine(result.reason)}`;
    if (result.verdict?.status === 'unsafe')
      return `not ok ${number} ${name} # unsafe: breaks ${result.verdict.rule ?? 'a rule'}`;
    return `ok ${number} ${name}`;
  });
  return ['KTAP version 1', `1..${cells.length}`, ...lines, ''].join('\n');
}

function nameOf({ cell }: CellResult): string {
  return Object.entries(cell)
    .map(([key, value]) => `${key}=${inKtapLine(String(value))}`)
    .join(' ');
}

/** Text in a line of KTAP, where a # begins a directive. */
export function inKtapLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('#', '');
}
