/** What is verified: a strategy, in the kernel that runs it. */
import type { Strategy } from '@s2bench/core';
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import type { RawActions } from './raw-actions.ts';

/** A strategy and the kernel around it. */
export interface Subject {
  readonly strategy: Strategy;
  /** Visitors that act past the contract; they stand in for the strategy's own. Made anew for every machine. */
  readonly below?: (raw: RawActions) => Pick<Strategy, 'tablePre' | 'tablePost' | 'leaf' | 'v6'>;
  /**
   * Phases of the kernel's tasks that are not the stock ones: a mistake of the abort handler, the notifier, the dirty log,
   * or of what user space asks for. Made anew for every machine. `invalidate` stands for the notifier's phases of
   * `collapse` too.
   */
  readonly phases?: (vm: VirtualMachine, raw: RawActions) => PhaseOverrides;
}

/** The strategy of a subject on one machine. */
export function strategyOf(subject: Subject, raw: RawActions): Strategy {
  return subject.below === undefined ? subject.strategy : { ...subject.strategy, ...subject.below(raw) };
}
