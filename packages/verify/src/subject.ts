/** What is verified: a strategy, in the abort handler that runs it. */
import type { GuestFault, Strategy, VirtualMachine } from '@s2bench/core';
import { FaultHandler } from '@s2bench/core';
import type { RawActions } from './raw-actions.ts';

/** The two halves of an abort handler, as {@link FaultHandler} has them. */
export interface FaultRunner {
  runUnlocked(fault: GuestFault): boolean;
  runLocked(fault: GuestFault): void;
}

/** A strategy and the abort handler around it. */
export interface Subject {
  readonly strategy: Strategy;
  /** Visitors that act past the contract; they stand in for the strategy's own. Made anew for every machine. */
  readonly below?: (raw: RawActions) => Pick<Strategy, 'tablePre' | 'tablePost' | 'leaf'>;
  /** The abort handler, where it is not the stock one: a mistake that is made outside of the visitors. */
  readonly handler?: (vm: VirtualMachine, raw: RawActions) => FaultRunner;
}

/** The strategy of a subject on one machine. */
export function strategyOf(subject: Subject, raw: RawActions): Strategy {
  return subject.below === undefined ? subject.strategy : { ...subject.strategy, ...subject.below(raw) };
}

/** The abort handler of a subject on one machine. */
export function handlerOf(subject: Subject, vm: VirtualMachine, raw: RawActions): FaultRunner {
  return subject.handler?.(vm, raw) ?? new FaultHandler(vm);
}
