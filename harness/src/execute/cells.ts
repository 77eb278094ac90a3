/**
 * Runs cells: on a pool of this machine, where one that hangs or brings its worker down costs itself alone, or wherever
 * an executor has them run.
 */
import { randomUUID } from 'node:crypto';
import type { CellResult } from '@s2bench/report/schema';
import type { Piscina } from 'piscina';
import { oneLine } from '../cli/errors.ts';
import type { RunCode } from '../plan/fingerprints.ts';
import type { CellJob, RunPlan } from '../plan/run-plan.ts';
import { groupAlike } from '../plan/shards.ts';
import { inLanes } from '../plugins/lanes.ts';
import type { Threads } from '../plugins/threads.ts';
import { CellClock } from './cell-clock.ts';
import { resultOf } from './cell-result.ts';

/** Cells for one worker, in order. Neighbours are alike, so that a worker can share what it has built. */
export interface CellTask {
  readonly jobs: readonly CellJob[];
  /** Known to the task alone: what does not bear it, a plugin has posted. */
  readonly token: string;
  /** The strategy's modules are loaded anew for each cell. */
  readonly isFresh?: boolean;
  /** The next task may be alike: what was built is kept. */
  readonly keepsStates?: boolean;
}

/** What a worker says while it works, so that a cell can be timed and kept. */
export type WorkerMessage =
  | {
      readonly s2bench: 'cell-started';
      readonly token: string;
      readonly index: number;
      readonly threadId: number;
      readonly cpuUs: number;
    }
  | {
      readonly s2bench: 'cell-finished';
      readonly token: string;
      readonly index: number;
      /** Not to be believed before it is checked. */
      readonly result: unknown;
    };

/** Whether a message of a worker belongs to a task. */
function isOfTask(message: unknown, token: string): message is WorkerMessage {
  return typeof message === 'object' && message !== null && 'token' in message && message.token === token;
}

/** How cells are run. */
export interface RunCellsOptions {
  /** Groups at the same time. */
  readonly jobs: number;
  /** CPU time of a cell. */
  readonly cellTimeoutS: number;
  readonly isFresh?: boolean;
  readonly keepsStates?: boolean;
  /** Stops everything; finished cells have been handed over. */
  readonly signal: AbortSignal;
  /** Called once for each cell, in whatever order they finish. */
  readonly onResult: (index: number, result: CellResult) => void;
}

/**
 * Runs groups of cells, each in one worker.
 *
 * @param groups - each of cells of one strategy
 * @throws the signal's reason where it stops the run
 */
export async function runCells(
  threads: Threads,
  groups: readonly CellJob[][],
  options: RunCellsOptions,
): Promise<void> {
  const stop = (): void => void threads.destroy();
  options.signal.addEventListener('abort', stop, { once: true });
  const keyOf = ([job]: readonly CellJob[]): string => job?.strategyUrl ?? '';
  try {
    await inLanes(groups, keyOf, options.jobs, (jobs) => runGroup(threads, jobs, options));
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
  options.signal.throwIfAborted();
}

/** Runs a group until each of its cells has a result. Each round ends with at least one more. */
async function runGroup(threads: Threads, jobs: readonly CellJob[], options: RunCellsOptions): Promise<void> {
  const url = jobs[0]?.strategyUrl ?? '';
  const { isFresh, keepsStates } = options;
  let remaining = jobs;
  while (remaining.length > 0 && !options.signal.aborted) {
    const pool = threads.of(url);
    const watch = new GroupWatch(pool, remaining, options);
    const { token } = watch;
    try {
      const task: CellTask = {
        jobs: remaining,
        token,
        ...(isFresh && { isFresh }),
        ...(keepsStates && { keepsStates }),
      };
      await pool.run(task, { signal: watch.abort.signal });
      await watch.heardAll();
      watch.failRunning('it gave no result of this cell');
    } catch (error) {
      options.signal.throwIfAborted();
      watch.failRunning(threads.whyEnded(url) ?? `its worker ended: ${oneLine(error)}`);
    } finally {
      watch.close();
    }
    if (watch.failure !== undefined)
      throw new Error('a result could not be handed over', { cause: watch.failure.cause });
    remaining = watch.remaining();
  }
}

/** Messages of a worker that has done its task are there in an instant. */
const HEARING_MS = 5000;

/** Follows one task: which of its cells runs, since when, and which are done. */
class GroupWatch {
  readonly abort = new AbortController();
  readonly token = randomUUID();
  /** Why a result could not be handed over: thrown from an event it would end the program. */
  failure: { readonly cause: unknown } | undefined;
  readonly #pool: Piscina;
  readonly #unfinished: Map<number, CellJob>;
  readonly #options: RunCellsOptions;
  readonly #all = Promise.withResolvers<undefined>();
  #running: number | undefined;
  #clock: CellClock | undefined;
  /** What the running cell had used up when it was stopped. */
  #spent: string | undefined;

  constructor(pool: Piscina, jobs: readonly CellJob[], options: RunCellsOptions) {
    this.#unfinished = new Map(jobs.map((job) => [job.index, job]));
    this.#pool = pool;
    this.#options = options;
    pool.on('message', this.#listen);
  }

  /** Comes back when each cell has a result, or there will be none. */
  async heardAll(): Promise<void> {
    if (this.#unfinished.size === 0) return;
    const timer = setTimeout(() => this.#all.resolve(undefined), HEARING_MS);
    await this.#all.promise;
    clearTimeout(timer);
  }

  /** Fails the cell that ran when the worker ended; before any had started, the first. */
  failRunning(why: string): void {
    const job = this.#unfinished.get(this.#running ?? -1) ?? this.remaining()[0];
    if (job === undefined) return;
    const what = this.abort.signal.aborted ? `stopped after ${this.#spent ?? 'its time'} (--cell-timeout)` : why;
    this.#finish(job, failed(job, what));
  }

  readonly #listen = (message: unknown): void => {
    if (!isOfTask(message, this.token)) return;
    const job = this.#unfinished.get(message.index);
    if (job === undefined) return;
    if (message.s2bench === 'cell-finished') {
      this.#finish(job, resultOf(job, message.result) ?? failed(job, 'what it gave is no result of this cell'));
      return;
    }
    const { threadId, cpuUs } = message;
    this.#running = message.index;
    this.#clock?.stop();
    const worker = this.#pool.threads.find((thread) => thread.threadId === threadId);
    this.#clock = new CellClock(worker, cpuUs, this.#options.cellTimeoutS, (spent) => {
      this.#spent = spent;
      this.abort.abort();
    });
  };

  #finish(job: CellJob, result: CellResult): void {
    this.#unfinished.delete(job.index);
    if (job.index === this.#running) this.#stopClock();
    try {
      this.#options.onResult(job.index, result);
    } catch (error) {
      this.failure ??= { cause: error };
    }
    if (this.#unfinished.size === 0) this.#all.resolve(undefined);
  }

  remaining(): CellJob[] {
    return [...this.#unfinished.values()];
  }

  /** Hears no more. */
  close(): void {
    this.#pool.off('message', this.#listen);
    this.#stopClock();
  }

  #stopClock(): void {
    this.#clock?.stop();
    this.#running = undefined;
  }
}

function failed({ cell }: CellJob, why: string): CellResult {
  return { cell, status: 'failed', reason: `strategy ${cell.strategy}: ${why}` };
}

/** What is to be run. */
export interface Work {
  readonly plan: RunPlan;
  readonly code: RunCode;
  /** The cells of the plan that have no result yet. */
  readonly waiting: readonly CellJob[];
}

/** How it is run. */
export interface ExecuteOptions extends Omit<RunCellsOptions, 'jobs'> {
  /** Tells the user something that is no result, in one line. */
  readonly say: (line: string) => void;
}

/** Runs cells. */
export interface Executor {
  /**
   * Runs all cells that wait; each is handed over once, whatever happens to those who run it.
   *
   * @throws the signal's reason where it stops the run
   */
  run(work: Work, options: ExecuteOptions): Promise<void>;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** Makes the executor. The threads stay with whoever started them. */
export function embeddedExecutor(threads: Threads, jobs: number): Executor {
  return {
    run: ({ waiting }, options) => runCells(threads, groupAlike(waiting, jobs), { ...options, jobs }),
    close: () => Promise.resolve(),
  };
}
