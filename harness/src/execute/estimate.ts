/** How long a run takes on this machine: a few of its own cells are run, the smallest, and the rest goes by their work. */
import type { CellJob } from '../plan/run-plan.ts';
import { groupAlike, withinBytes, workOf } from '../plan/shards.ts';
import type { Threads } from '../plugins/threads.ts';
import { runCells, type RunCellsOptions } from './cells.ts';

/** A sample has no more memory than this, or one block; smaller ones time the start of a worker and little else. */
const SAMPLE_BYTES = 2 ** 30;

/** What was found. */
export interface Estimate {
  readonly seconds: number;
  readonly sampleCells: number;
}

/**
 * Runs a sample of the largest group of each strategy, twice: the first time loads and warms up, and is counted once as
 * the start.
 *
 * @param jobs - the cells that would be run
 * @throws the signal's reason where it stops it
 */
export async function estimateRun(
  threads: Threads,
  jobs: readonly CellJob[],
  options: Omit<RunCellsOptions, 'onResult'>,
): Promise<Estimate> {
  const groups = groupAlike(jobs, options.jobs);
  const strategies = [...Map.groupBy(groups, ([job]) => job?.cell.strategy ?? '').values()];
  let seconds = 0;
  let sampleCells = 0;
  for (const own of strategies) {
    const heaviest = own.reduce((most, group) => (workOf(group) > workOf(most) ? group : most));
    const [job] = heaviest;
    if (job === undefined) continue;
    const sample = withinBytes(job, SAMPLE_BYTES);
    const startS = await timed(threads, sample, options);
    const onceS = await timed(threads, sample, options);
    sampleCells += 2;
    const ownWork = own.reduce((sum, group) => sum + workOf(group), 0);
    seconds += Math.max(0, startS - onceS) + (onceS * ownWork) / workOf([sample]);
  }
  return { seconds: seconds / Math.min(options.jobs, Math.max(1, groups.length)), sampleCells };
}

async function timed(threads: Threads, job: CellJob, options: Omit<RunCellsOptions, 'onResult'>): Promise<number> {
  const since = performance.now();
  await runCells(threads, [[job]], { ...options, onResult: () => undefined });
  return (performance.now() - since) / 1000;
}
