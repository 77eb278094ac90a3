/**
 * What a fault may do before it takes mmu_lock, so that others need not wait for it.
 *
 * | kernel | here |
 * |---|---|
 * | `user_mem_abort()` between the pin of the host page and mmu_lock | {@link BeforeLock} |
 * | `clean_dcache_guest_page()` there | {@link UnlockedFault.clean} |
 * | `mmu_invalidate_retry()` under the lock | what was done counts only where the fault goes on: see {@link UnlockedFault.clean} |
 */
import type { Ipa } from './stage2/geometry.ts';

/** A fault that is about to map a block, its host memory pinned, without a lock. The table is not to be looked at. */
export interface UnlockedFault {
  /** Where the block begins. */
  readonly address: Ipa;
  readonly sizeBytes: number;
  /** Whether {@link clean} does anything: not with FEAT_S2FWB. */
  readonly needsClean: boolean;
  /**
   * Cleans all that the block will map to the point of coherency. Under the lock the map then has nothing to clean: `needsClean`
   * says false, and neither `clean` nor the stock leaf handler does. Checked again there: where the notifier has taken pages back meanwhile the
   * fault ends, and what it has cleaned counts for nothing; where the mapping has grown, the map cleans as if this had not been
   * called. The block's entry may be another by then: a visitor decides on what it finds.
   */
  clean(): void;
}

/** Runs before mmu_lock is taken, once for each fault that asks for a block and does not only relax a leaf. */
export type BeforeLock = (fault: UnlockedFault) => void;
