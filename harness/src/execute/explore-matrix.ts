/** What `s2bench run` explores beside the cells, for the verdicts of their strategies. Loaded where these are wanted only. */
import { kernelModelOf } from '@s2bench/kernel';
import type { Cell, CellResult } from '@s2bench/report/schema';
import type { Bounds } from '@s2bench/verify';
import { UsageError } from '../cli/errors.ts';
import { type Progress, say } from '../cli/terminal.ts';
import { whyNotExplored } from '../options/kernels.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { tasksFor } from '../plan/verify-plan.ts';
import type { Threads } from '../plugins/threads.ts';
import { exploreAll, Findings } from './explorations.ts';
import { cacheFolder, VerdictCache } from './verdict-cache.ts';

/** How they are explored. */
export interface ExploreMatrixOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Fingerprints of the strategies' code by name, where results are kept from run to run; left out: they are not. */
  readonly keepFor?: ReadonlyMap<string, string>;
  /** How far each exploration goes; left out: as far as those of `s2bench verify`. */
  readonly bounds?: Partial<Bounds>;
  /** Called with the number of worlds, and of those that are known already, before the first. */
  readonly onStart: (total: number, known: number) => Promise<Progress>;
}

/**
 * Explores the strategies of cells that were simulated: one that has failed there says nothing here.
 *
 * @throws UsageError where a strategy throws or does not return, though it does in no cell
 */
export async function exploreMatrix(
  threads: Threads,
  { strategies, profiles }: RunPlan,
  results: readonly CellResult[],
  { jobs, signal, keepFor, bounds, onStart }: ExploreMatrixOptions,
): Promise<Findings> {
  const kept = keepFor && new VerdictCache(cacheFolder(), keepFor);
  const machines = profiles.map(({ profile }) => profile);
  const failed = new Set(results.flatMap(({ status, cell }) => (status === 'failed' ? [cell.strategy] : [])));
  const cells = results.flatMap(({ status, cell }) => (status === 'ok' && !failed.has(cell.strategy) ? [cell] : []));
  const tasks = tasksFor(cells, strategies, machines, bounds);
  for (const line of notExplored(cells)) say(line);
  const findings = new Findings(tasks);
  for (const [index, task] of tasks.entries()) {
    const outcome = kept?.find(task);
    if (outcome !== undefined) findings.add(task, { ok: true, outcome }, index);
  }
  const progress = await onStart(tasks.length, findings.finished);
  try {
    await exploreAll(threads, tasks, findings, {
      jobs,
      signal,
      ...(kept && { kept }),
      onEnd: ({ subject, world }) => progress.advance(`${subject.name}, ${world.name}`),
    });
  } finally {
    progress.stop();
  }
  const [problem] = findings.failures.values();
  if (problem !== undefined) throw new UsageError(`${problem}; --no-verify explores nothing`);
  return findings;
}

/** The kernel models of cells that have no verdict, each in one line that says why. */
function notExplored(cells: readonly Cell[]): string[] {
  return [...new Set(cells.map(({ kernel }) => kernel))].flatMap((kernel) => {
    const why = whyNotExplored(kernelModelOf(kernel));
    return why === undefined ? [] : [`no verdict under ${kernel}: ${why}`];
  });
}
