/**
 * The pool of workers, and independent tasks on it, each in a worker; one that hangs or brings its worker down costs
 * itself alone.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { oneLine } from '../cli/errors.ts';
import { moduleUrl, WORKER_EXEC_ARGV } from '../cli/installation.ts';
import { COUNTING } from './branches/counting.ts';
import { Pulse, VISIT_LIMIT_S, type Watched } from '../plugins/visitors.ts';

/** How a pool is set up. */
export interface PoolOptions {
  /** Workers at the same time. */
  readonly jobs: number;
  /** The worker's module; tests have their own. */
  readonly workerUrl?: URL;
  /** Heap of a worker in MiB; Node's own limit if left out. */
  readonly maxHeapMiB?: number;
  /** Workers count which branches strategies take. */
  readonly isCounting?: boolean;
}

/** The worker's module. */
export const CELL_WORKER = moduleUrl('./worker.ts', import.meta.url);

/** Starts a pool. Whoever starts it destroys it. */
export function startPool({ jobs, workerUrl = CELL_WORKER, maxHeapMiB, isCounting }: PoolOptions): Piscina {
  const pool = new Piscina({
    filename: fileURLToPath(workerUrl),
    minThreads: 1,
    maxThreads: jobs,
    idleTimeout: Infinity,
    execArgv: WORKER_EXEC_ARGV,
    ...(isCounting === true && { env: { ...process.env, [COUNTING]: '1' } }),
    ...(maxHeapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } }),
  });
  // A worker that dies between tasks, say by a timer that a plugin left behind: its cells are already in.
  pool.on('error', () => undefined);
  return pool;
}

/** How a task ended: with what the worker gave, or why it gave nothing. */
export type TaskEnd<Outcome> =
  { readonly ok: true; readonly outcome: Outcome } | { readonly ok: false; readonly problem: string };

/** How tasks are run. */
export interface RunTasksOptions<Task, Outcome> {
  /** The function of the worker's module that does a task: it is handed a {@link Watched} one. */
  readonly entry: string;
  /** Tasks at the same time. */
  readonly jobs: number;
  /** Stops everything; finished tasks have been handed over. */
  readonly signal: AbortSignal;
  /** Asked before a task starts: whether its result has become worthless. */
  readonly isMoot?: (task: Task) => boolean;
  /** Called once for each task that was started, in whatever order they end. */
  onEnd(task: Task, end: TaskEnd<Outcome>, index: number): void;
}

/**
 * Runs tasks, in order as far as workers are free.
 *
 * @param tasks - plain values: they are cloned
 * @throws the signal's reason where it stops the run
 */
export async function runTasks<Task, Outcome>(
  pool: Piscina,
  tasks: readonly Task[],
  options: RunTasksOptions<Task, Outcome>,
): Promise<void> {
  const { jobs, signal, isMoot } = options;
  const waiting = tasks.entries();
  const isStopped = (): boolean => signal.aborted;
  const stop = (): void => void pool.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const lane = async (): Promise<void> => {
    // The lanes share one iterator: each takes the next task that nobody has taken.
    for (const [index, task] of waiting) {
      if (isStopped()) return;
      if (isMoot?.(task) === true) continue;
      const end = await runOne<Task, Outcome>(pool, task, options);
      if (!isStopped()) options.onEnd(task, end, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, lane));
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}

async function runOne<Task, Outcome>(
  pool: Piscina,
  task: Task,
  { entry }: RunTasksOptions<Task, Outcome>,
): Promise<TaskEnd<Outcome>> {
  const pulse = new Pulse();
  const abort = new AbortController();
  const endWatch = pulse.watch(() => abort.abort());
  try {
    const watched: Watched<Task> = { task, pulse: pulse.shared };
    return { ok: true, outcome: (await pool.run(watched, { name: entry, signal: abort.signal })) as Outcome };
  } catch (error) {
    const problem = abort.signal.aborted
      ? `a visitor did not return within ${VISIT_LIMIT_S} s`
      : `its worker ended: ${oneLine(error)}`;
    return { ok: false, problem };
  } finally {
    endWatch();
  }
}
