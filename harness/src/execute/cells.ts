/**
 * Runs cells: on a pool of this machine, where one that hangs or brings its worker down costs itself alone, or wherever
 * an executor has them run.
 */
import type { CellResult } from '@s2bench/report/schema';
import type { Piscina } from 'piscina';
import { oneLine } from '../cli/errors.ts';
import type { RunCode } from '../plan/fingerprints.ts';
import type { CellJob, RunPlan } from '../plan/run-plan.ts';
import { groupAlike } from '../plan/shards.ts';
import { CellClock } from './cell-clock.ts';

/** Cells for one worker, in order. Neighbours are alike, so that a worker can share what it has built. */
export interface CellTask {
  readonly jobs: readonly CellJob[];
}

/** A cell that was simulated. */
export interface CellOutcome {
  readonly index: number;
  readonly result: CellResult;
}

/** What a worker says while it works, so that a cell can be timed and kept. */
export type WorkerMessage =
  | { readonly s2bench: 'cell-started'; readonly index: number; readonly threadId: number; readonly cpuUs: number }
  | { readonly s2bench: 'cell-finished'; readonly index: number; readonly result: CellResult };

/** Whether a message of a worker is ours: a plugin may post messages too. */
export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === 'object' && message !== null && 's2bench' in message && 'index' in message;
}

/** How cells are run. */
export interface RunCellsOptions {
  /** CPU time of a cell. */
  readonly cellTimeoutS: number;
  /** Stops everything; finished cells have been handed over. */
  readonly signal: AbortSignal;
  /** Called once for each cell, in whatever order they finish. */
  readonly onResult: (index: number, result: CellResult) => void;
}

/**
 * Runs groups of cells, each in one worker.
 *
 * @throws the signal's reason where it stops the run
 */
export async function runCells(pool: Piscina, groups: readonly CellJob[][], options: RunCellsOptions): Promise<void> {
  const watches = new Map<number, GroupWatch>();
  const failures: unknown[] = [];
  const listen = (message: unknown): void => {
    try {
      if (isWorkerMessage(message)) watches.get(message.index)?.hear(message);
    } catch (error) {
      // Thrown from an event it would end the program; the run ends with it instead.
      failures.push(error);
    }
  };
  const stop = (): void => void pool.destroy();
  pool.on('message', listen);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(groups.map((jobs) => runGroup(pool, jobs, options, watches)));
  } finally {
    pool.off('message', listen);
    options.signal.removeEventListener('abort', stop);
    for (const watch of watches.values()) watch.close();
  }
  options.signal.throwIfAborted();
  if (failures.length > 0) throw new Error('a result could not be handed over', { cause: failures[0] });
}

/** Runs a group until each of its cells has a result. Each round ends with at least one more. */
async function runGroup(
  pool: Piscina,
  jobs: readonly CellJob[],
  options: RunCellsOptions,
  watches: Map<number, GroupWatch>,
): Promise<void> {
  let remaining = jobs;
  while (remaining.length > 0 && !options.signal.aborted) {
    const watch = new GroupWatch(remaining, pool, options);
    for (const { index } of remaining) watches.set(index, watch);
    try {
      const task: CellTask = { jobs: remaining };
      const outcomes = (await pool.run(task, { signal: watch.abort.signal })) as CellOutcome[];
      for (const { index, result } of outcomes) watch.finish(index, result);
    } catch (error) {
      options.signal.throwIfAborted();
      watch.failRunning(error);
    } finally {
      watch.close();
    }
    remaining = watch.remaining();
  }
}

/** Follows one task: which of its cells runs, since when, and which are done. */
class GroupWatch {
  readonly abort = new AbortController();
  readonly #unfinished: Map<number, CellJob>;
  readonly #options: RunCellsOptions;
  readonly #pool: Piscina;
  #running: number | undefined;
  #clock: CellClock | undefined;
  /** What the running cell had used up when it was stopped. */
  #spent: string | undefined;

  constructor(jobs: readonly CellJob[], pool: Piscina, options: RunCellsOptions) {
    this.#unfinished = new Map(jobs.map((job) => [job.index, job]));
    this.#pool = pool;
    this.#options = options;
  }

  hear(message: WorkerMessage): void {
    if (message.s2bench === 'cell-finished') {
      this.finish(message.index, message.result);
    } else if (this.#unfinished.has(message.index)) {
      const { threadId, cpuUs } = message;
      this.#running = message.index;
      this.#clock?.stop();
      const worker = this.#pool.threads.find((thread) => thread.threadId === threadId);
      this.#clock = new CellClock(worker, cpuUs, this.#options.cellTimeoutS, (spent) => {
        this.#spent = spent;
        this.abort.abort();
      });
    }
  }

  finish(index: number, result: CellResult): void {
    if (!this.#unfinished.delete(index)) return;
    if (index === this.#running) this.close();
    this.#options.onResult(index, result);
  }

  /** Fails the cell that ran when the worker ended; before any had started, the first. */
  failRunning(error: unknown): void {
    const job = this.#unfinished.get(this.#running ?? -1) ?? this.remaining()[0];
    if (job === undefined) return;
    const what = this.abort.signal.aborted
      ? `stopped after ${this.#spent ?? 'its time'} (--cell-timeout)`
      : `its worker ended: ${oneLine(error)}`;
    this.finish(job.index, { cell: job.cell, status: 'failed', reason: `strategy ${job.cell.strategy}: ${what}` });
  }

  remaining(): CellJob[] {
    return [...this.#unfinished.values()];
  }

  /** Stops the clock of the running cell. */
  close(): void {
    this.#clock?.stop();
    this.#running = undefined;
  }
}

/** What is to be run. */
export interface Work {
  readonly plan: RunPlan;
  readonly code: RunCode;
  /** The cells of the plan that have no result yet. */
  readonly waiting: readonly CellJob[];
}

/** How it is run. */
export interface ExecuteOptions extends RunCellsOptions {
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

/** Makes the executor. The pool stays with whoever started it. */
export function embeddedExecutor(pool: Piscina, jobs: number): Executor {
  return {
    run: ({ waiting }, options) => runCells(pool, groupAlike(waiting, jobs), options),
    close: () => Promise.resolve(),
  };
}
