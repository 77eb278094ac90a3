/** What travels between the program and its workers. Plain values only: all of it is cloned. */
import type { CellResult } from '@s2bench/report/schema';
import type { CellJob } from '../plan/run-plan.ts';

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
  | { readonly s2bench: 'cell-started'; readonly index: number }
  | { readonly s2bench: 'cell-finished'; readonly index: number; readonly result: CellResult };

/** Whether a message of a worker is ours: a plugin may post messages too. */
export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof message === 'object' && message !== null && 's2bench' in message && 'index' in message;
}
