/** The page-table code of a kernel model: what tasks and op scripts call, whichever generation of the walker it is. */
import type { Ipa, Pa, Protection } from '@s2bench/core/stage2';
import type { MemoryCache } from './memory-cache.ts';

/** How a walk is to be made that not every caller makes alike. */
export interface WalkFlags {
  /** mmu_lock is shared: others may change entries meanwhile. */
  readonly shared: boolean;
  /** The walk handles a fault: EAGAIN ends it and goes back to the guest. */
  readonly fault: boolean;
  /** No block may be made. */
  readonly pagesOnly: boolean;
  /** All that is to be mapped was cleaned before the lock was taken. Left out: no. */
  readonly cleaned?: boolean;
}

/**
 * What the page-table code does with one table. Sizes and addresses are in bytes; results are 0 or a negative errno where
 * nothing else is said.
 */
export interface PageTableCode {
  /** Leaves that were installed since it was made. An operation that leaves it as it was has changed nothing. */
  readonly installedLeaves: number;
  /**
   * Whether the strategy did more in the last map than to ask, or is to be asked at every leaf: where it was not, the same
   * map of the next page of a table does the same.
   */
  readonly strategyActs: boolean;
  /** Maps `[address, address + sizeBytes)` to `[physAddress, …)`; EINVAL, ERANGE, ENOMEM, or EAGAIN as the release has it. */
  map(
    address: Ipa,
    sizeBytes: number,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    flags: WalkFlags,
  ): number;
  unmap(address: Ipa, sizeBytes: number): number;
  /** Write-protects. The TLB is the caller's business: one flush for all ranges. */
  writeProtect(address: Ipa, sizeBytes: number): number;
  /** Cleans what the leaves of a range map. */
  flush(address: Ipa, sizeBytes: number): number;
  relax(address: Ipa, protection: Protection): number;
  /** Sets the access flag; the answer is the descriptor before, or `undefined` where the release answers nothing. */
  markYoung(address: Ipa): bigint | undefined;
  /**
   * Clears the access flag of a page, and of the whole range where the release ages ranges; the answer is the descriptor of
   * the page before, or whether any of it was young.
   */
  markOld(address: Ipa, sizeBytes: number): bigint;
  isYoung(address: Ipa): boolean;
  /** Ages a range, or only asks: 1 where any of it was young, else 0; ERANGE. `undefined`: the release ages pages. */
  testClearYoung(address: Ipa, sizeBytes: number, clear: boolean): number | undefined;
  /** Splits the blocks of a range into full tables, as far as the cache goes. `undefined`: the release does not split. */
  split(address: Ipa, sizeBytes: number, cache: MemoryCache): number | undefined;
  /** Says who owns a range. `undefined`: the release has no owners, or not this one. */
  setOwner(address: Ipa, sizeBytes: number, owner: number, cache: MemoryCache | null): number | undefined;
  /** Tables that were unlinked and wait for a grace period, each with all that is below. */
  readonly unlinkedTables: number;
  /**
   * A grace period has ended: what was unlinked is freed. Whoever drives walks knows when none of before is under way.
   *
   * @param most - of the tables, those that have waited longest; left out: all
   */
  endGracePeriod(most?: number): void;
  /** Invalidates what TLBs hold of a range after its leaves were changed: by range, or the VMID, as the release does it. */
  flushTlb(address: Ipa, sizeBytes: number): void;
  /** Frees every table page. */
  destroy(): void;
}
