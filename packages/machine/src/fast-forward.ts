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

/** Told of what happens on the way. */
export interface FastForwardWatch {
  /** Faults that do the same to page after page may be done at once; nothing is told of them. */
  readonly repeats: boolean;
  raised(fault: GuestFault): void;
  /** What is done under mmu_lock begins and ends. */
  operationBegins(fault: GuestFault): void;
  operationEnded(fault: GuestFault): void;
  /** The fault is over. */
  ended(fault: GuestFault): void;
  /** `count` accesses of a loop, from an index of it on, have hit. */
  accessed(run: AccessRun, index: number, count: number): void;
}

/** A program that has not begun. */
export function beginning(program: GuestProgram): ProgramPosition {
  return { program, run: { startIpa: 0, count: 0, strideBytes: 0, write: false }, index: 0 };
}

/**
 * Runs a program to its end.
 *
 * @returns accesses that it did
 */
export function fastForward(vm: VirtualMachine, position: ProgramPosition, watch: FastForwardWatch): number {
  const { program, run } = position;
  const { pageSizeBytes } = vm.table.geometry;
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
        watch.raised(fault);
        do {
          const locked = needsLock(fault);
          if (locked) watch.operationBegins(fault);
          runSection(fault, vm.origin);
          if (locked) watch.operationEnded(fault);
        } while (fault.phase !== undefined);
        watch.ended(fault);
        // The access is still to be tried again, and those behind it that fault in the same way are spared that.
        if (watch.repeats && run.strideBytes === pageSizeBytes) vm.repeat(fault, run.count - index - 1);
        afterFault = true;
        continue;
      }
      // Where one page faulted the next one mostly does: look ahead only from a page that was there already.
      const hits = afterFault ? 1 : countHits(vm.table, address, run.count - index, run.strideBytes, run.write);
      afterFault = false;
      watch.accessed(run, index, hits);
      index += hits;
      accesses += hits;
    }
    index = 0;
  } while (program.next(run));
  return accesses;
}
