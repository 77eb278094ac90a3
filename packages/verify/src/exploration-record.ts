/**
 * An exploration that another strategy may have in common. What a strategy is asked for is its lock sections, and all else
 * in a world follows from them: one that does the same in each of them has the same states.
 */
import type { Exploration } from './explore/explorer.ts';
import type { LoggedSection } from './kernel/section-log.ts';

/** What was explored, and all that the strategy did there. Plain values: it is cloned. */
export interface ExplorationRecord {
  /** Names of the rules that were held. */
  readonly rules: readonly string[];
  /** Phases of the hooks: what runs where logging changes is not the same where others, or none, are there. */
  readonly hooks: readonly string[];
  /** In the order in which they ran first. */
  readonly sections: readonly LoggedSection[];
  readonly exploration: Exploration;
  /** Shapes of the coalesces, in words. */
  readonly coalesces: readonly string[];
}

/** Explorations of the same world, history, hardware, kernel model and bounds, by other strategies. */
export interface SharedExplorations {
  /** Those that there are. */
  readonly known: readonly ExplorationRecord[];
  /** Told of this strategy's own, where it is none of them and was not cut off. */
  keep(record: ExplorationRecord): void;
}
