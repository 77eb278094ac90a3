/** One abort of one vCPU on its way through the abort handler. */
import type { FaultKind, Ipa, Pa } from '@s2bench/core/stage2';
import { MemoryCache } from '../memory-cache.ts';
import type { Memslot } from '../memslot.ts';
import type { Phase, PhaseHead, Task } from './task.ts';

/** The phases of the abort handler. */
export type FaultPhaseName =
  | 'prepare'
  | 'enter-page'
  | 'start-invalidation'
  | 'enter-copy'
  | 'change-pte'
  | 'end-invalidation'
  | 'pin'
  | 'check'
  | 'adjust'
  | 'maintain'
  | 'relax'
  | 'map'
  | 'finish';

/** Whether a phase begins the lock section that answers a fault: it maps, relaxes, or says that it is to be taken again. */
export function isCheck(phase: PhaseHead | undefined): boolean {
  return phase !== undefined && (phase.name === 'check' || phase.name === 'check-shared');
}

/** What came of a fault. */
export type FaultOutcome =
  /** A page or a block was installed. */
  | 'mapped'
  /** Leaves were installed below, and then the map ended in EAGAIN: the guest takes the fault again for the rest. */
  | 'partly-mapped'
  | 'relaxed'
  /** Another vCPU had done the work. */
  | 'spurious'
  /** The host changed its mappings meanwhile: the guest takes the fault again. */
  | 'retried';

/** So often may a vCPU fault on one address and find the work done by others: far more than any race needs. */
const MOST_FRUITLESS_FAULTS = 1000;

/** A vCPU takes the same fault again and again: what the strategy left in the table does not serve the guest. */
export class NoProgressError extends Error {
  override readonly name = 'NoProgressError';
}

/** A fault. One object a vCPU, used again for each fault. */
export class GuestFault implements Task {
  readonly name = 'fault';
  phase: Phase<GuestFault> | undefined;
  keepsLock = false;
  ipa: Ipa = 0;
  write = false;
  execute = false;
  kind: FaultKind = 'translation';
  /** Level of the entry that raised it. */
  level = 0;
  outcome: FaultOutcome = 'spurious';
  /** The vCPU's cache of table pages. */
  readonly cache = new MemoryCache(0);

  // What `prepare` and `pin` found out before the lock was taken.

  slot: Memslot | undefined;
  /** Start of the page or block that will be mapped. */
  mapIpa: Ipa = 0;
  mapBytes = 0;
  physAddress: Pa = 0;
  writable = false;
  /** `adjust` must not look for a block: logging, or the slot does not allow one. */
  forcePages = false;
  notifierSequence = 0;
  /** What a phase that is not a stock one keeps for a later one. 0 at a fault's begin. */
  note = 0;
  /** Filled in when a map or a relaxation asks for it. */
  readonly protection = { read: true, write: false, execute: false, device: false };

  /** Faults in a row on {@link ipa} that changed nothing. */
  #fruitless = 0;

  /**
   * Starts over with a new abort.
   *
   * @param first - the abort handler's first phase: that of the virtual machine which the vCPU is in
   * @throws NoProgressError where the guest would fault on this address for ever
   */
  raise(first: Phase<GuestFault>, ipa: Ipa, write: boolean, execute: boolean, kind: FaultKind, level: number): void {
    const again = ipa === this.ipa && this.phase === undefined && this.outcome === 'spurious';
    this.#fruitless = again ? this.#fruitless + 1 : 0;
    if (this.#fruitless > MOST_FRUITLESS_FAULTS) {
      throw new NoProgressError(
        `the guest faults on 0x${ipa.toString(16)} again and again, and the map handler changes nothing: no progress`,
      );
    }
    this.ipa = ipa;
    this.write = write;
    this.execute = execute;
    this.kind = kind;
    this.level = level;
    this.note = 0;
    this.phase = first;
  }

  /** Another vCPU is at work on what it has found undone: that nothing came of it says nothing about progress. */
  excuse(): void {
    this.#fruitless = 0;
  }

  advance(): void {
    this.phase = this.phase?.run(this);
  }
}

/** The memslot that a fault that was prepared lies in. */
export function slotOf(fault: GuestFault): Memslot {
  if (fault.slot === undefined) throw new Error('a fault was run before it was prepared');
  return fault.slot;
}
