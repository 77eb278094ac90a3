/** The pool of workers. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { moduleUrl, WORKER_EXEC_ARGV } from '../cli/installation.ts';

/** How a pool is set up. */
export interface PoolOptions {
  /** Workers at the same time. */
  readonly jobs: number;
  /** The worker's module; tests have their own. */
  readonly workerUrl?: URL;
  /** Heap of a worker in MiB; Node's own limit if left out. */
  readonly maxHeapMiB?: number;
}

/** The worker's module. */
export const CELL_WORKER = moduleUrl('./worker.ts', import.meta.url);

/** Starts a pool. Whoever starts it destroys it. */
export function startPool({ jobs, workerUrl = CELL_WORKER, maxHeapMiB }: PoolOptions): Piscina {
  const pool = new Piscina({
    filename: fileURLToPath(workerUrl),
    minThreads: 1,
    maxThreads: jobs,
    idleTimeout: Infinity,
    execArgv: WORKER_EXEC_ARGV,
    ...(maxHeapMiB !== undefined && { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } }),
  });
  // A worker that dies between tasks, say by a timer that a plugin left behind: its cells are already in.
  pool.on('error', () => undefined);
  return pool;
}
