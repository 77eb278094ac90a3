/** Runs a guest program for its effect on the tables alone: the real abort handler, no clock, no other vCPU. */
import { AccessCheck, countHits } from '@s2bench/core/stage2';
import type { AccessRun, GuestProgram, VirtualMachine } from '@s2bench/kernel';
import { GuestFault, needsLock, runSection } from '@s2bench/kernel';

/** Where a program stands. */
export interface ProgramPosition {
  readonly program: GuestProgram;
  /** The loop that it is in. */
  readonly run: AccessRun;
  /** Accesses of that loop that are done. */
  readonly index: number;
}

/** A program that has not begun. */
export function beginning(program: GuestProgram): ProgramPosition {
  return { program, run: { startIpa: 0, count: 0, strideBytes: 0, write: false }, index: 0 };
}

/**
 * Runs a program to its end.
 *
 * @param operationEnded - called after each operation that was done as if under mmu_lock
 * @returns accesses that it did
 */
export function fastForward(vm: VirtualMachine, position: ProgramPosition, operationEnded: () => void): number {
  const { program, run } = position;
  const check = new AccessCheck();
  const fault = new GuestFault();
  let { index } = position;
  let accesses = 0;
  let afterFault = false;
  do {
    while (index < run.count) {
      const address = run.startIpa + index * run.strideBytes;
      if (!check.hits(vm.table, address, run.write)) {
        vm.raise(fault, address, run.write, false, check.kind, check.level);
        do {
          const locked = needsLock(fault);
          runSection(fault, vm.origin);
          if (locked) operationEnded();
        } while (fault.phase !== undefined);
        afterFault = true;
        continue;
      }
      // Where one page faulted the next one mostly does: look ahead only from a page that was there already.
      const hits = afterFault ? 1 : countHits(vm.table, address, run.count - index, run.strideBytes, run.write);
      afterFault = false;
      index += hits;
      accesses += hits;
    }
    index = 0;
  } while (program.next(run));
  return accesses;
}
