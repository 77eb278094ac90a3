/** The history of a report: one line for each time that its results have changed. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { okResults, stageEntries, stagesOf, staleReadsOf } from '../cells.ts';
import { ResultDocumentError } from '../parse.ts';
import { stageNameSchema, VERDICT_STATUSES } from '../schema.ts';
import type { ResultDocument, VerdictStatus } from '../schema.ts';

/** The version of {@link historyRowSchema}. It rises when a consumer would have to change. */
export const HISTORY_SCHEMA_VERSION = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const nanoseconds = z.number().nonnegative();

/** One line of `history.ndjson`. Times and counts are sums over a strategy's cells, so that they are exact. */
export const historyRowSchema = z.object({
  schemaVersion: z.literal(HISTORY_SCHEMA_VERSION),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .nullable()
    .describe('what was checked out when the report was published; null outside of a repository'),
  modified: z.boolean().describe('whether files were not as in that commit'),
  toolVersion: z.string(),
  results: sha256.describe('hash of the cells with their results'),
  matrix: sha256.describe('hash of the cells and stages without their results: rows of another one are not comparable'),
  profiles: z.record(z.string(), sha256.nullable()).describe('hash of each profile'),
  cells: z.number().int().nonnegative().describe('cells that were simulated'),
  strategies: z.record(
    z.string(),
    z.object({
      timeNs: z.record(stageNameSchema, nanoseconds).describe('simulated, per stage, summed over the cells'),
      longestWindowNs: nanoseconds.describe('the longest invalid window of all cells'),
      staleReads: z.number().int().nonnegative(),
      verdict: z.enum(VERDICT_STATUSES).describe('the worst of all cells'),
    }),
  ),
});
/** One line of a history. */
export type HistoryRow = z.infer<typeof historyRowSchema>;

/** What a report was made of, besides its document. */
export type Checkout = Pick<HistoryRow, 'commit' | 'modified'>;

/** The line of a document. */
export function historyRow(document: ResultDocument, checkout: Checkout): HistoryRow {
  const results = okResults(document);
  const names = [...new Set(results.map(({ cell }) => cell.strategy))];
  return {
    schemaVersion: HISTORY_SCHEMA_VERSION,
    ...checkout,
    toolVersion: document.tool.version,
    results: hashOf(document.cells),
    matrix: hashOf([stagesOf(results), document.cells.map(({ cell, status }) => [status, ...Object.values(cell)])]),
    profiles: Object.fromEntries(document.profiles.map(({ name, hash }) => [name, hash])),
    cells: results.length,
    strategies: Object.fromEntries(names.map((name) => [name, strategyEntry(document, name)])),
  };
}

/** The history with the row at its end; the same where the results are those of the last row. */
export function appendRow(rows: readonly HistoryRow[], row: HistoryRow): readonly HistoryRow[] {
  return rows.at(-1)?.results === row.results ? rows : [...rows, row];
}

/** A history as text: JSON, one row a line. */
export function historyText(rows: readonly HistoryRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/**
 * Reads a history.
 *
 * @param sourceName - the file's name, for messages
 * @throws ResultDocumentError of one line, with the line and the field
 */
export function parseHistory(text: string, sourceName: string): readonly HistoryRow[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${sourceName}:${String(index + 1)}`;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      throw new ResultDocumentError(
        `${where}: not JSON: a history has one document a line; take the line out, or the file back from Git`,
      );
    }
    const parsed = historyRowSchema.safeParse(json);
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    throw new ResultDocumentError(
      `${where}: ${issue?.path.join('.') ?? ''}: ${(issue?.message ?? 'not a row').replace(/\s+/g, ' ')}`,
    );
  });
}

function strategyEntry(document: ResultDocument, name: string): HistoryRow['strategies'][string] {
  const results = okResults(document).filter(({ cell }) => cell.strategy === name);
  const timeNs: HistoryRow['strategies'][string]['timeNs'] = {};
  let longestWindowNs = 0;
  for (const [stage, { timeNs: time, invalidWindow }] of results.flatMap(stageEntries)) {
    timeNs[stage] = (timeNs[stage] ?? 0) + time;
    longestWindowNs = Math.max(longestWindowNs, invalidWindow.longestNs);
  }
  const verdicts = results.map(({ verdict }): VerdictStatus => verdict?.status ?? 'not-explored');
  return {
    timeNs,
    longestWindowNs,
    staleReads: results.reduce((sum, result) => sum + staleReadsOf(result), 0),
    verdict: VERDICT_STATUSES.find((status) => verdicts.includes(status)) ?? 'not-explored',
  };
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
