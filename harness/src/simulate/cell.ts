/** Simulates one cell of the matrix: puts core, machine and workload together. */
import type { Strategy } from '@s2bench/core';
import type { Profile } from '@s2bench/machine';
import type { Cell, StageName, StageResult } from '@s2bench/report';
import type { Workload } from '@s2bench/workloads';

/** What a cell is simulated with: the plugins that its names stand for, loaded. */
export interface CellPlugins {
  readonly strategy: Strategy;
  readonly workload: Workload;
  readonly profile: Profile;
}

/** How a cell is simulated. */
export interface SimulateOptions {
  /** Stages whose time is wanted; the others are built without being timed. */
  readonly stages: readonly StageName[];
  /** Simulates every fault one by one instead of extrapolating steady states. */
  readonly exact: boolean;
}

/** Simulates a cell. Deterministic: the same cell gives the same result to the last digit. */
export function simulateCell(
  cell: Cell,
  plugins: CellPlugins,
  options: SimulateOptions,
): Partial<Record<StageName, StageResult>> {
  void plugins;
  void options;
  throw new Error(`${cell.strategy}: not simulated yet`);
}

/** Why a corner of the matrix cannot exist, or `undefined` where it can. Bad values of one option are errors, not this. */
export function whyImpossible(cell: Cell, plugins: CellPlugins): string | undefined {
  void cell;
  void plugins;
  return undefined;
}
