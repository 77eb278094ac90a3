/** `s2bench run`: from the flags to the report. */
import type { CellResult, ResultDocument } from '@s2bench/report/schema';
import { WORKLOADS, type Workload } from '@s2bench/workloads';
import { EXIT } from '../../cli/exit-codes.ts';
import { Interrupted, watchInterrupt } from '../../cli/interrupt.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { openRunJournal, type RunJournal } from '../../journal/run-journal.ts';
import { findSources, planRun, type RunPlan } from '../../matrix/plan.ts';
import { readRunRequest, type RunFlags, type RunRequest } from '../../options/run-request.ts';
import { groupJobs } from '../../pool/group.ts';
import { type PoolOptions, startPool } from '../../pool/pool.ts';
import { runCells } from '../../pool/run-cells.ts';
import { startProgress } from '../../progress/progress.ts';
import { makeDocument } from '../../results/document.ts';
import { requireWritable } from '../../results/output-folder.ts';

/** What tests put in the place of the real thing. */
export interface RunSeams {
  readonly workloads?: readonly Workload[];
  readonly pool?: Omit<PoolOptions, 'jobs'>;
}

/** Runs the command; the value is the exit code. */
export async function run(flags: RunFlags, { workloads = WORKLOADS, pool: poolOptions }: RunSeams = {}): Promise<number> {
  const cwd = process.cwd();
  const request = await readRunRequest(flags, cwd, workloads);
  const sources = findSources(request, cwd);
  if (request.out !== undefined) requireWritable(request.out.folder, request.out.origin);
  const pool = startPool({ ...poolOptions, jobs: request.jobs });
  // What writes the report is loaded while the workers simulate.
  const publishing = import('./publish-result.ts');
  let journal: RunJournal | undefined;
  let finished = 0;
  let total = 0;
  const interrupt = watchInterrupt(() => farewell(journal !== undefined, finished, total));
  try {
    const plan = await planRun(request, sources, pool, workloads);
    journal = openRunJournal(request, plan, cwd);
    finished = journal?.kept.size ?? 0;
    total = plan.jobs.length;
    const results = new Map(journal?.kept);
    const progress = await startProgress(total, finished, process.stderr);
    try {
      const waiting = plan.jobs.filter(({ index }) => !results.has(index));
      await runCells(pool, groupJobs(waiting, request.jobs), {
        cellTimeoutS: request.cellTimeoutS,
        signal: interrupt.signal,
        onResult: (index, result) => {
          results.set(index, result);
          journal?.keep(index, result);
          finished++;
          progress.advance(result);
        },
      });
    } finally {
      progress.stop();
    }
    const { publishResult } = await publishing;
    return publishResult(documentOf(request, plan, results), request, journal);
  } catch (error) {
    if (error instanceof Interrupted || interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.stop();
    await pool.destroy();
  }
}

function farewell(isKept: boolean, finished: number, total: number): string {
  if (finished === 0) return 'stopped before any cell had finished';
  if (!isKept) return `stopped; ${finished} of ${total} cells had finished and are lost, as no journal could be written here`;
  return `stopped; ${finished} of ${total} cells are kept: the same command with --resume goes on from there`;
}

function documentOf(request: RunRequest, plan: RunPlan, results: ReadonlyMap<number, CellResult>): ResultDocument {
  const inOrder = plan.points.map(({ cell, skipReason }, index): CellResult => {
    if (skipReason !== undefined) return { cell, status: 'skipped', reason: skipReason };
    const result = results.get(index);
    if (result === undefined) throw new Error(`cell ${index} has no result`);
    return result;
  });
  const [first] = inOrder;
  if (first?.status === 'skipped' && inOrder.every(({ status }) => status === 'skipped')) {
    throw new UsageError(`no cell of this matrix can exist: ${first.reason}`);
  }
  return makeDocument({
    command: plan.command,
    preset: request.isExactlyPreset ? request.preset : undefined,
    comparisons: request.preset.comparisons ?? [],
    strategies: plan.strategies,
    profiles: plan.profiles.map(({ profile }) => profile),
    stages: request.axes.stages,
    results: inOrder,
  });
}
