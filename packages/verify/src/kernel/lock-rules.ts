/** What a phase may do under the lock that it says it needs: else a verdict would be of another kernel than the subject's. */
import type { PhaseHead, VirtualMachine } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';

/** A phase of a subject, for messages. */
export interface PhaseName {
  /** Name of the subject's strategy. */
  readonly strategy: string;
  readonly task: string;
  readonly phase: string;
}

function textOf({ strategy, task, phase }: PhaseName): string {
  return `strategy ${strategy}: the phase ${phase} of the task ${task}`;
}

/**
 * Of a phase without the lock that has walked or changed the table.
 *
 * What runs without the lock is one step, on a table that is not the explored one: nobody comes in between.
 */
export function outsideOfLock(what: PhaseName): VerifyError {
  return new VerifyError(
    `${textOf(what)} works on the table without mmu_lock, and what comes between is not explored; its lock must be 'exclusive'`,
  );
}

/**
 * Refuses a phase that asks for the lock's read side, where two sections would run at once.
 *
 * @throws VerifyError naming the first one
 */
export function refuseShared(vm: VirtualMachine, strategy: string): void {
  const tasks: [string, Readonly<Record<string, PhaseHead>>][] = [
    ['fault', vm.phases.fault],
    ...Object.entries(vm.phases.host),
  ];
  for (const [task, phases] of tasks) {
    for (const [phase, { lock }] of Object.entries(phases)) {
      if (lock !== 'shared') continue;
      throw new VerifyError(
        `${textOf({ strategy, task, phase })} asks for the read side of mmu_lock, and this kernel model's map faults do not share it, so that nothing is interleaved there; its lock must be 'exclusive' or 'none'`,
      );
    }
  }
}

/**
 * Refuses a phase that a task goes on to and that is not the one which is known by its name, as far as the lock goes.
 *
 * @throws VerifyError
 */
export function refuseUnknown(
  next: PhaseHead | undefined,
  known: Readonly<Record<string, PhaseHead>>,
  what: Omit<PhaseName, 'phase'>,
): void {
  if (next === undefined) return;
  const { name, lock } = next;
  const declared = known[name];
  if (declared === undefined)
    throw new VerifyError(
      `${textOf({ ...what, phase: name })} is gone on to, and not declared among the subject's phases`,
    );
  if (declared.lock !== lock) {
    throw new VerifyError(
      `${textOf({ ...what, phase: name })} is gone on to with the lock '${lock}', and declared with '${declared.lock}'; both must be the same`,
    );
  }
}
