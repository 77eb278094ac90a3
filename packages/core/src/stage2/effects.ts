/** The stream of effects: every memory-system action of the stage-2 code, in order. */
import type { EntryId } from '../strategy.ts';
import type { Ipa, Pa } from './geometry.ts';

/**
 * Consumes the effects of a run. One consumer times them, another counts them, another checks them; none of them
 * is known to a strategy. Calls carry plain numbers so that a page costs no allocation.
 *
 * Addresses and sizes are in bytes. Effects come in program order; a consumer that keeps a clock advances it at
 * each call.
 */
export interface EffectSink {
  /** `count` descriptors were read by a software walk. */
  descriptorsRead(count: number): void;
  /** Bit 0 of a valid entry was cleared: the break of break-before-make, or an unmap. */
  entryInvalidated(entry: EntryId, address: Ipa, level: number): void;
  /** A valid block or page descriptor was stored. `address` is that of the walk. */
  leafInstalled(entry: EntryId, address: Ipa, level: number): void;
  /** A table descriptor was stored where no valid entry stood. */
  tableInstalled(entry: EntryId, address: Ipa, level: number): void;
  /** Attributes of `count` valid leaves of one table page changed in place, beginning with `entry` at `address`. */
  leavesChanged(entry: EntryId, address: Ipa, level: number, count: number): void;
  /** TLB invalidation of the whole VMID, with its barriers (VMALLS12E1IS). */
  tlbiVmid(): void;
  /** TLB invalidation by IPA with a level hint, with its barriers (IPAS2E1IS, then VMALLE1IS). */
  tlbiIpa(address: Ipa, level: number): void;
  /** D-cache clean and invalidate to the point of coherency. */
  dcacheClean(address: Pa, sizeBytes: number): void;
  /** I-cache invalidate to the point of unification. */
  icacheInvalidate(address: Pa, sizeBytes: number): void;
  /** A table page was taken from the memory cache. `serial` counts allocations and is never reused. */
  tableAllocated(serial: number): void;
  /** A table page was given back. */
  tableFreed(serial: number): void;
  /** `count` references on table pages were taken. */
  referencesTaken(count: number): void;
  /** `count` references on table pages were dropped. */
  referencesDropped(count: number): void;

  // Of the abort handler and the host around the stage-2 code.

  /** A vCPU left the guest with an abort, and its syndrome was decoded. */
  guestExited(): void;
  /** VMA look-up, memory-cache top-up and pinning of a host page that is there, `sizeBytes` of it. */
  hostPagePinned(address: Pa, sizeBytes: number): void;
  /** The host took a page fault of its own to give the backing a page. */
  hostPageFaulted(): void;
  /** The host stored to memory through its caches: zeroing on first touch, a copy, an image that was loaded. */
  hostWrote(address: Pa, sizeBytes: number): void;
  /** `count` pages were marked in the dirty bitmap, beginning at `address`. */
  dirtyMarked(address: Ipa, count: number): void;
  /** The vCPU went back into the guest. */
  guestEntered(): void;
}

/** A sink that ignores everything: for state that is built outside of any timing. */
export class IgnoreEffects implements EffectSink {
  descriptorsRead(_count: number): void {}
  entryInvalidated(_entry: EntryId, _address: Ipa, _level: number): void {}
  leafInstalled(_entry: EntryId, _address: Ipa, _level: number): void {}
  tableInstalled(_entry: EntryId, _address: Ipa, _level: number): void {}
  leavesChanged(_entry: EntryId, _address: Ipa, _level: number, _count: number): void {}
  tlbiVmid(): void {}
  tlbiIpa(_address: Ipa, _level: number): void {}
  dcacheClean(_address: Pa, _sizeBytes: number): void {}
  icacheInvalidate(_address: Pa, _sizeBytes: number): void {}
  tableAllocated(_serial: number): void {}
  tableFreed(_serial: number): void {}
  referencesTaken(_count: number): void {}
  referencesDropped(_count: number): void {}
  guestExited(): void {}
  hostPagePinned(_address: Pa, _sizeBytes: number): void {}
  hostPageFaulted(): void {}
  hostWrote(_address: Pa, _sizeBytes: number): void {}
  dirtyMarked(_address: Ipa, _count: number): void {}
  guestEntered(): void {}
}
