/** Memslots: which guest physical range is backed by which host virtual range, and whether its writes are logged. */
import type { Ipa } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';
import type { Backing } from './backing.ts';
import { DirtyBitmap } from './dirty-bitmap.ts';

/** What a memslot is created with. */
export interface MemslotOptions {
  readonly baseIpa: Ipa;
  readonly sizeBytes: number;
  readonly backing: Backing;
  /** Where the slot begins in the backing, in bytes. */
  readonly backingOffsetBytes: number;
  /** KVM_MEM_LOG_DIRTY_PAGES. */
  readonly logging: boolean;
}

/** A memslot. Its base moves when user space moves it, its flag when logging is switched. */
export class Memslot {
  baseIpa: Ipa;
  logging: boolean;
  readonly sizeBytes: number;
  readonly backing: Backing;
  readonly backingOffsetBytes: number;
  readonly dirty: DirtyBitmap;
  /** What KVM_GET_DIRTY_LOG has told and KVM_CLEAR_DIRTY_LOG has not yet taken back: with manual protection alone. */
  readonly reported: DirtyBitmap;

  constructor(options: MemslotOptions) {
    this.baseIpa = options.baseIpa;
    this.logging = options.logging;
    this.sizeBytes = options.sizeBytes;
    this.backing = options.backing;
    this.backingOffsetBytes = options.backingOffsetBytes;
    const pages = options.sizeBytes / options.backing.pageSizeBytes;
    this.dirty = new DirtyBitmap(pages);
    this.reported = new DirtyBitmap(pages);
  }

  /** Takes over the state of a slot that was made with the same options, its backing's included. */
  copyFrom(other: Memslot): void {
    this.baseIpa = other.baseIpa;
    this.logging = other.logging;
    this.dirty.copyFrom(other.dirty);
    this.reported.copyFrom(other.reported);
    this.backing.copyFrom(other.backing);
  }

  contains(address: Ipa): boolean {
    return address >= this.baseIpa && address < this.baseIpa + this.sizeBytes;
  }

  /** The offset in the backing of what a guest address of this slot is backed by. */
  backingOffsetOf(address: Ipa): number {
    return address - this.baseIpa + this.backingOffsetBytes;
  }

  /** Index in the dirty bitmap of the page at a guest address. */
  pageOf(address: Ipa): number {
    return Math.floor((address - this.baseIpa) / this.backing.pageSizeBytes);
  }

  /**
   * Whether a block of `blockBytes` may map what lies around a guest address: host and guest address have the same
   * offset inside the block, and the block lies inside the slot.
   */
  supportsBlock(address: Ipa, blockBytes: number): boolean {
    const host = this.backing.hostAddress + this.backingOffsetBytes;
    if (this.baseIpa % blockBytes !== host % blockBytes) return false;
    const blockStart = alignDown(address, blockBytes);
    return blockStart >= this.baseIpa && blockStart + blockBytes <= this.baseIpa + this.sizeBytes;
  }
}
