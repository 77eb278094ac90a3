/** Whether what somebody gives as the result of a cell is one, and of this cell. */
import { isDeepStrictEqual } from 'node:util';
import { type CellResult, cellResultSchema } from '@s2bench/report/schema';
import type { CellJob } from '../plan/run-plan.ts';

/**
 * The result of a cell, from a worker, a journal or a queue: checked against the schema, and against what was asked for.
 * Verdicts and published figures are added later, and by nobody else. Its fields are in the schema's order, so that one
 * that was kept in a journal and a new one are the same bytes.
 *
 * @returns `undefined` where it is none, or of another cell
 */
export function resultOf(job: CellJob, value: unknown): CellResult | undefined {
  const parsed = cellResultSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { data: result } = parsed;
  if (result.verdict !== undefined || !isDeepStrictEqual(result.cell, job.cell)) return undefined;
  if (result.status !== 'ok') return result;
  const asked: readonly string[] = job.stages;
  const isAsked = Object.keys(result.stages).every((stage) => asked.includes(stage));
  return isAsked && result.published === undefined && result.strategyVersion === job.strategyVersion
    ? result
    : undefined;
}
