/** Workers that are ready before they are needed. */
import { Worker } from 'node:worker_threads';
import { moduleUrl, WORKER_EXEC_ARGV } from '../../cli/installation.ts';
import { watchMemory } from '../../plugins/memory-watch.ts';
import { Pulse, VISIT_LATE } from '../../plugins/visitors.ts';
import type { WatchMessage, WatchPart, WatchTask } from './task.ts';

/** Node's thread id of a worker that has ended. */
const ENDED = -1;
const PARTS: readonly WatchPart[] = ['conformance', 'verdict-and-effect'];

/** What a worker says last. */
const LAST: ReadonlySet<WatchMessage['kind']> = new Set(['conformance', 'effect', 'problem']);

/** Two spare workers, one for each part of the work of a save. */
export class SpareWorkers {
  #spares = PARTS.map(() => startWorker());
  #busy: readonly Worker[] = [];

  /** Comes back when both spare workers are warm. */
  async ready(): Promise<void> {
    await Promise.all(this.#spares.map(({ ready }) => ready));
  }

  /**
   * Looks at a strategy. What was still being looked at is dropped.
   *
   * @param loadLimitMs - how long the strategy may take to be loaded
   * @param hear - called with what the workers say, until both are done or dropped
   * @returns when both are done; `false` where they were dropped for a later save, or stopped
   */
  async look(
    task: Omit<WatchTask, 'part' | 'pulse'>,
    loadLimitMs: number,
    hear: (message: WatchMessage) => void,
  ): Promise<boolean> {
    this.drop();
    const workers = this.#spares;
    this.#spares = [];
    const busy = workers.map(({ worker }) => worker);
    this.#busy = busy;
    // A worker's own start is not the strategy's fault: the clock runs from when both are ready.
    await Promise.all(workers.map(({ ready }) => ready));
    const ends = await Promise.all(
      workers.map(({ worker }, index) =>
        this.#run(worker, { ...task, part: PARTS[index] ?? 'conformance' }, loadLimitMs, hear),
      ),
    );
    // Only now: warming up would take the processors away from those who are waited for.
    if (this.#busy === busy) this.#spares = PARTS.map(() => startWorker());
    return ends.every((isDone) => isDone);
  }

  /** Stops what is being looked at. */
  drop(): void {
    for (const worker of this.#busy) void worker.terminate();
    if (this.#spares.length === 0) this.#spares = PARTS.map(() => startWorker());
  }

  /** Stops everything. */
  async stop(): Promise<void> {
    await Promise.all([...this.#busy, ...this.#spares.map(({ worker }) => worker)].map((worker) => worker.terminate()));
  }

  async #run(
    worker: Worker,
    task: Omit<WatchTask, 'pulse'>,
    loadLimitMs: number,
    hear: (message: WatchMessage) => void,
  ): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<number>();
    // A strategy that calls process.exit(0) is not done.
    let isDone = false;
    const fail = (problem: string): void => hear({ kind: 'problem', problem, files: [] });
    const stop = (problem: string): void => {
      fail(problem);
      void worker.terminate();
    };
    const pulse = new Pulse();
    const endWatch = pulse.watch(() => stop(VISIT_LATE));
    const endMemoryWatch = watchMemory({
      workers: () => [worker],
      end: (_worker, reason) => {
        fail(reason);
        return worker.terminate();
      },
    });
    const loading = setTimeout(() => stop(`not loaded within ${loadLimitMs / 1000} s`), loadLimitMs);
    worker.on('message', (message: WatchMessage) => {
      clearTimeout(loading);
      isDone ||= LAST.has(message.kind);
      if (message.kind !== 'ready' && this.#busy.includes(worker)) hear(message);
    });
    worker.on('error', (error: Error) => fail(error.message));
    // One that has ended already, since it was dropped or could not start, says nothing any more.
    if (worker.threadId === ENDED) resolve(1);
    worker.on('exit', resolve);
    worker.postMessage({ ...task, pulse: pulse.shared } satisfies WatchTask);
    try {
      return (await promise) === 0 && isDone;
    } finally {
      clearTimeout(loading);
      endWatch();
      endMemoryWatch();
    }
  }
}

interface Spare {
  readonly worker: Worker;
  /** Kept also where the worker ends before it is ready: its exit is what counts then. */
  readonly ready: Promise<undefined>;
}

function startWorker(): Spare {
  const worker = new Worker(moduleUrl('./worker.ts', import.meta.url), { execArgv: WORKER_EXEC_ARGV });
  const { promise, resolve } = Promise.withResolvers<undefined>();
  worker.once('message', () => resolve(undefined));
  worker.once('exit', () => resolve(undefined));
  // Where nobody waits for it yet, an error is told by the exit.
  worker.on('error', () => undefined);
  return { worker, ready: promise };
}
