/** `s2bench run --verify`: explores the strategies of a matrix, on the pool that has simulated its cells. */
import type { Piscina } from 'piscina';
import type { CellResult } from '@s2bench/report/schema';
import { UsageError } from '../../cli/errors.ts';
import type { Progress } from '../../cli/terminal.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import { tasksFor } from '../../plan/verify-plan.ts';
import { exploreAll, Findings } from '../../verify/explore-all.ts';
import { type Verdicts, verdictsOf } from '../../verify/verdicts.ts';

/** How they are explored. */
export interface ExploreMatrixOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Called with the number of worlds, before the first. */
  readonly onStart: (total: number) => Promise<Progress>;
}

/**
 * Explores the strategies of cells that were simulated: one that has failed there says nothing here.
 *
 * @throws UsageError where a strategy throws or does not return, though it does in no cell
 */
export async function exploreMatrix(
  pool: Piscina,
  { strategies, profiles }: RunPlan,
  results: readonly CellResult[],
  { jobs, signal, onStart }: ExploreMatrixOptions,
): Promise<Verdicts> {
  const machines = profiles.map(({ profile }) => profile);
  const failed = new Set(results.flatMap(({ status, cell }) => (status === 'failed' ? [cell.strategy] : [])));
  const cells = results.flatMap(({ status, cell }) => (status === 'ok' && !failed.has(cell.strategy) ? [cell] : []));
  const tasks = tasksFor(cells, strategies, machines);
  const findings = new Findings(tasks);
  const progress = await onStart(tasks.length);
  try {
    await exploreAll(pool, tasks, findings, {
      jobs,
      signal,
      onEnd: ({ subject, world }) => progress.advance(`${subject.name}, ${world.name}`),
    });
  } finally {
    progress.stop();
  }
  const [problem] = findings.failures.values();
  if (problem !== undefined) throw new UsageError(`${problem}; --no-verify explores nothing`);
  return verdictsOf(findings, machines);
}
