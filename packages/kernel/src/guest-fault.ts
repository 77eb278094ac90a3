/** One abort of one vCPU on its way through the abort handler. */
import type { FaultKind, Ipa, Pa } from '@s2bench/core/stage2';
import { MemoryCache } from './memory-cache.ts';
import type { Memslot } from './memslot.ts';

/** What the abort handler does next for a fault. The phases that change tables or counts run under mmu_lock. */
export type FaultPhase =
  | 'prepare'
  /** The host has made a page: it enters it into its page table, unless another vCPU was faster. */
  | 'enter-page'
  /** Under the lock: the host is about to replace the zero page, the notifier unmaps it. */
  | 'start-invalidation'
  /** The host enters the copy into its page table. */
  | 'enter-copy'
  /** Under the lock: the notifier maps the copy, read-only, where no table page is needed for it. */
  | 'change-pte'
  /** Under the lock. */
  | 'end-invalidation'
  | 'pin'
  /** Under the lock: the stage-2 code. */
  | 'map'
  | 'finish'
  | 'done';

/** What came of a fault. */
export type FaultOutcome =
  /** A page or a block was installed. */
  | 'mapped'
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
export class GuestFault {
  ipa: Ipa = 0;
  write = false;
  execute = false;
  kind: FaultKind = 'translation';
  /** Level of the entry that raised it. */
  level = 0;
  phase: FaultPhase = 'done';
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
  /** A THP adjust must not look for a block: logging, or the slot does not allow one. */
  forcePages = false;
  notifierSequence = 0;

  /** Faults in a row on {@link ipa} that changed nothing. */
  #fruitless = 0;

  /**
   * Starts over with a new abort.
   *
   * @throws NoProgressError where the guest would fault on this address for ever
   */
  raise(ipa: Ipa, write: boolean, execute: boolean, kind: FaultKind, level: number): void {
    this.#fruitless =
      ipa === this.ipa && this.phase === 'done' && this.outcome === 'spurious' ? this.#fruitless + 1 : 0;
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
    this.phase = 'prepare';
  }
}
