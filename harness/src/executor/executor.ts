/** Who runs the cells: this machine's threads, or workers anywhere. */
import type { RunCode } from '../plan/fingerprints.ts';
import type { CellJob, RunPlan } from '../plan/run-plan.ts';
import type { RunCellsOptions } from '../pool/run-cells.ts';

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
