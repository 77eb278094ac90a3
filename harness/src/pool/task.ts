/** What travels between the program and its workers. Plain values only: all of it is cloned. */
import type { Profile } from '@s2bench/machine';
import type { Cell, CellResult, StageName } from '@s2bench/report/schema';

/** A cell to be simulated. Everything that its result depends on is here. */
export interface CellJob {
  /** Its place in the matrix. */
  readonly index: number;
  readonly cell: Cell;
  readonly strategyUrl: string;
  readonly strategyVersion?: string;
  readonly profile: Profile;
  readonly stages: readonly StageName[];
  readonly exact: boolean;
}

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
