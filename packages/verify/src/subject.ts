/** What is verified: a strategy, in the abort handler that runs it. */
import type { GuestFault, Strategy, VirtualMachine } from '@s2bench/core';
import { FaultHandler } from '@s2bench/core';

/** The two halves of an abort handler, as {@link FaultHandler} has them. */
export interface FaultRunner {
  runUnlocked(fault: GuestFault): boolean;
  runLocked(fault: GuestFault): void;
}

/** A strategy and the abort handler around it. */
export interface Subject {
  readonly strategy: Strategy;
  /** The abort handler, where it is not the stock one: a mistake that is made outside of the visitors. */
  readonly handler?: (vm: VirtualMachine) => FaultRunner;
}

/** The abort handler of a subject on a machine. */
export function handlerOf(subject: Subject, vm: VirtualMachine): FaultRunner {
  return subject.handler?.(vm) ?? new FaultHandler(vm);
}
