/**
 * The pool of workers, and independent tasks on it, each in a worker; one that hangs or brings its worker down costs
 * itself alone.
 */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { oneLine } from '../cli/errors.ts';
import { WORKER_EXEC_ARGV, workerUrl } from '../cli/installation.ts';
import { COUNTING } from './branches/counting.ts';
import { inLanes } from '../plugins/lanes.ts';
import type { Threads } from '../plugins/threads.ts';
import { Pulse, VISIT_LATE, type Watched } from '../plugins/visitors.ts';

/** How a pool is set up. */
export interface PoolOptions {
  /** Workers at the same time. */
  readonly jobs: number;
  /** The worker's module; tests have their own. */
  readonly workerUrl?: URL;
  /** Heap of a worker in MiB; Node's own limit if left out. */
  readonly maxHeapMiB?: number;
  /** Memory of the whole process, in bytes; most of the machine's if left out. */
  readonly maxProcessBytes?: number;
  /** No thread is started before it is needed. */
  readonly isLazy?: boolean;
  /** Workers count which branches strategies take. */
  readonly isCounting?: boolean;
}

/** The worker's module: looked for once. */
let found: URL | undefined;
const cellWorker = (): URL => (found ??= workerUrl('worker', './worker.ts', import.meta.url));

/** Starts a pool. Whoever starts it destroys it. */
export function startPool({
  jobs,
  workerUrl: url = cellWorker(),
  maxHeapMiB,
  isCounting,
  isLazy,
}: PoolOptions): Piscina {
  const pool = new Piscina({
    filename: fileURLToPath(url),
    minThreads: isLazy === true ? 0 : 1,
    maxThreads: jobs,
    idleTimeout: Infinity,
    execArgv: WORKER_EXEC_ARGV,
    ...(isCounting === true && { env: { ...process.env, [COUNTING]: '1' } }),
    ...(maxHeapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } }),
  });
  // A worker that dies between tasks, say by a timer that a plugin left behind: its cells are already in.
  pool.on('error', () => undefined);
  // Each task that is watched listens for a while.
  pool.setMaxListeners(0);
  return pool;
}

/** Threads that all strategies share, one after the other. */
export function sharedThreads(pool: Piscina): Threads {
  return { of: () => pool, whyEnded: () => undefined, destroy: () => pool.destroy() };
}

/** The key of threads that run nothing but our own code. */
const OURS = 's2bench:';

/** How a task ended: with what the worker gave, or why it gave nothing. */
export type TaskEnd<Outcome> =
  { readonly ok: true; readonly outcome: Outcome } | { readonly ok: false; readonly problem: string };

/** How tasks are run. */
export interface RunTasksOptions<Task, Outcome> {
  /** The module of the strategy that a task is about; left out: it is about none of the user's. */
  readonly urlOf?: (task: Task) => string | undefined;
  /** The function of the worker's module that does a task: it is handed a {@link Watched} one. */
  readonly entry: string;
  /** Tasks at the same time. */
  readonly jobs: number;
  /** Stops everything; finished tasks have been handed over. */
  readonly signal: AbortSignal;
  /** Asked before a task starts: whether its result has become worthless. */
  readonly isMoot?: (task: Task) => boolean;
  /** Asked before a task starts: whether another one of the same strategy had better come first. */
  readonly isBetterLater?: (task: Task) => boolean;
  /** What the worker gets in the place of a task that starts. */
  readonly prepare?: (task: Task) => Task;
  /** Called once for each task that was started, in whatever order they end. */
  onEnd(task: Task, end: TaskEnd<Outcome>, index: number): void;
}

/**
 * Runs tasks, those of one strategy in order as far as workers are free.
 *
 * @param tasks - plain values: they are cloned
 * @throws the signal's reason where it stops the run
 */
export async function runTasks<Task, Outcome>(
  threads: Threads,
  tasks: readonly Task[],
  options: RunTasksOptions<Task, Outcome>,
): Promise<void> {
  const { jobs, signal, isMoot, urlOf } = options;
  const isStopped = (): boolean => signal.aborted;
  const stop = (): void => void threads.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const keyOf = ([, task]: [number, Task]): string => urlOf?.(task) ?? OURS;
  try {
    const work = async ([index, task]: [number, Task]): Promise<void> => {
      if (isStopped() || isMoot?.(task) === true) return;
      const end = await runOne<Task, Outcome>(threads, options.prepare?.(task) ?? task, options);
      if (!isStopped()) options.onEnd(task, end, index);
    };
    await inLanes([...tasks.entries()], keyOf, jobs, work, ([, task]) => options.isBetterLater?.(task) === true);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
}

async function runOne<Task, Outcome>(
  threads: Threads,
  task: Task,
  { entry, urlOf }: RunTasksOptions<Task, Outcome>,
): Promise<TaskEnd<Outcome>> {
  const url = urlOf?.(task) ?? OURS;
  const pulse = new Pulse();
  const abort = new AbortController();
  const endWatch = pulse.watch(() => abort.abort());
  try {
    const watched: Watched<Task> = { task, pulse: pulse.shared };
    return {
      ok: true,
      outcome: (await threads.of(url).run(watched, { name: entry, signal: abort.signal })) as Outcome,
    };
  } catch (error) {
    const problem = abort.signal.aborted
      ? VISIT_LATE
      : (threads.whyEnded(url) ?? `its worker ended: ${oneLine(error)}`);
    return { ok: false, problem };
  } finally {
    endWatch();
  }
}
