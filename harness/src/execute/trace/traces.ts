/** Traces of cells, on the threads of their strategies. */
import type { StageName } from '@s2bench/report/schema';
import { type Trace, traceSchema } from '@s2bench/report/trace';
import type { CellJob } from '../../plan/run-plan.ts';
import type { Threads } from '../../plugins/threads.ts';
import { runTasks, type TaskEnd } from '../pool.ts';

/** A cell to be traced. Plain values: it is cloned. */
export interface TraceTask {
  readonly job: CellJob;
  readonly stage: StageName;
  readonly all: boolean;
}

/** A trace, or why there is none. */
export type Traced = { readonly ok: true; readonly trace: Trace } | { readonly ok: false; readonly problem: string };

/** How they are made. */
export interface TraceCellsOptions {
  readonly stage: StageName;
  readonly all: boolean;
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Traces cells; those that cannot be are told with the reason.
 *
 * @throws the signal's reason where it stops it
 */
export async function traceCells(
  threads: Threads,
  cells: readonly CellJob[],
  { stage, all, jobs, signal }: TraceCellsOptions,
): Promise<{ readonly traces: readonly Trace[]; readonly problems: readonly string[] }> {
  const traces: Trace[] = [];
  const problems: string[] = [];
  const tasks = cells.map((job): TraceTask => ({ job, stage, all }));
  await runTasks<TraceTask, Traced>(threads, tasks, {
    entry: 'trace',
    urlOf: ({ job }) => job.strategyUrl,
    jobs,
    signal,
    onEnd(task, end, index) {
      const checked = checkedTrace(end);
      if (checked.ok) traces[index] = checked.trace;
      else problems.push(`strategy ${task.job.cell.strategy}: ${checked.problem}`);
    },
  });
  return { traces: traces.filter((trace) => (trace as Trace | undefined) !== undefined), problems };
}

/** What comes out of a strategy's thread is checked as a result is. */
function checkedTrace(end: TaskEnd<Traced>): Traced {
  if (!end.ok) return end;
  if (!end.outcome.ok) return end.outcome;
  const parsed = traceSchema.safeParse(end.outcome.trace);
  return parsed.success ? { ok: true, trace: parsed.data } : { ok: false, problem: 'what it gave is no trace' };
}
