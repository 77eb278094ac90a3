/** What is verified: a strategy, in the abort handler that runs it. */
import type { Strategy } from '@s2bench/core';
import type { GuestFault, VirtualMachineOptions } from '@s2bench/kernel';
import { FaultHandler, VirtualMachine } from '@s2bench/kernel';
import type { RawActions } from './raw-actions.ts';

/** The two halves of an abort handler, as {@link FaultHandler} has them. */
export interface FaultRunner {
  /** What a handler that is not the stock one knows of the fault from an earlier phase. 0 at a fault's begin. */
  note?: number;
  runUnlocked(fault: GuestFault): boolean;
  /** `'keeps-lock'`: it has returned and left mmu_lock taken. */
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a handler that unlocks has nothing to say
  runLocked(fault: GuestFault): 'keeps-lock' | void;
}

/** A strategy and the abort handler around it. */
export interface Subject {
  readonly strategy: Strategy;
  /** Visitors that act past the contract; they stand in for the strategy's own. Made anew for every machine. */
  readonly below?: (raw: RawActions) => Pick<Strategy, 'tablePre' | 'tablePost' | 'leaf'>;
  /** The machine, where it is not the stock one: a mistake in what the notifier, the dirty log or user space asks for. */
  readonly machine?: (options: VirtualMachineOptions) => VirtualMachine;
  /** The abort handler, where it is not the stock one: a mistake that is made outside of the visitors. */
  readonly handler?: (vm: VirtualMachine, raw: RawActions) => FaultRunner;
}

/** The strategy of a subject on one machine. */
export function strategyOf(subject: Subject, raw: RawActions): Strategy {
  return subject.below === undefined ? subject.strategy : { ...subject.strategy, ...subject.below(raw) };
}

/** The machine of a subject. */
export function machineOf(subject: Subject, options: VirtualMachineOptions): VirtualMachine {
  return subject.machine?.(options) ?? new VirtualMachine(options);
}

/** The abort handler of a subject on one machine. */
export function handlerOf(subject: Subject, vm: VirtualMachine, raw: RawActions): FaultRunner {
  return subject.handler?.(vm, raw) ?? new FaultHandler(vm);
}
