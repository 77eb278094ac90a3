/** What backs a memslot in the host: pages that appear on first touch, transparent huge pages, hugetlbfs. */
import type { Pa } from '@s2bench/core/stage2';
import { alignDown, uint8At } from '@s2bench/core/stage2';

/** How the host gives memory to the VMM. */
export type BackingKind =
  /** Private anonymous pages, huge pages switched off. */
  | 'anonymous'
  /** Private anonymous memory with transparent huge pages of one block size. */
  | 'thp'
  /** Private hugetlbfs memory. */
  | 'hugetlb';

/** What a backing is made of. */
export interface BackingOptions {
  readonly kind: BackingKind;
  readonly sizeBytes: number;
  readonly pageSizeBytes: number;
  /** Size of a huge page; the page size for anonymous memory. */
  readonly blockBytes: number;
  /** Host virtual address of its first byte. */
  readonly hostAddress: number;
  /** Physical address of its first byte, a multiple of the block size. */
  readonly physAddress: Pa;
}

/** What the host has to do before a page can be pinned. */
export type PinAction =
  /** The page is there and may be used as asked. */
  | 'none'
  /** Nothing is mapped there: a page fault gives a page, zeroed unless it is the zero page. */
  | 'populate'
  /** A private huge page that nobody shares becomes writable in place. */
  | 'make-writable'
  /** The zero page gives way to a private copy, and the MMU notifier has to take it from the guest first. */
  | 'copy';

// States of a page or of a block. A block that is split has the states of its pages.
const ABSENT = 0;
const READ_ONLY = 1;
const WRITABLE = 2;
const SPLIT = 3;

/**
 * The host's page table and memory for one mapping of the VMM.
 *
 * A physical page is at the same offset from `physAddress` as its host address from `hostAddress`. Reading private
 * memory that was never written maps the zero page (for THP the huge zero page) read-only; the first write copies it.
 * A private hugetlbfs page is real from the first touch, but read-only until it is written.
 */
export class Backing {
  readonly kind: BackingKind;
  readonly sizeBytes: number;
  readonly pageSizeBytes: number;
  readonly blockBytes: number;
  readonly hostAddress: number;
  readonly physAddress: Pa;
  /** The zero page, and for THP the huge zero page: aligned to a block, below the backing's own memory. */
  readonly zeroPageAddress: Pa;

  readonly #blocks: Uint8Array;
  /** States of single pages: of anonymous memory, and of blocks that were split. Made when first needed. */
  #pages: Uint8Array | undefined;

  constructor(options: BackingOptions) {
    this.kind = options.kind;
    this.sizeBytes = options.sizeBytes;
    this.pageSizeBytes = options.pageSizeBytes;
    this.blockBytes = options.blockBytes;
    this.hostAddress = options.hostAddress;
    this.physAddress = options.physAddress;
    this.zeroPageAddress = options.physAddress - options.blockBytes;
    this.#blocks = new Uint8Array(Math.ceil(options.sizeBytes / options.blockBytes));
    if (options.kind === 'anonymous') this.#blocks.fill(SPLIT);
  }

  /** Takes over which pages another backing of the same make has. */
  copyFrom(other: Backing): void {
    this.#blocks.set(other.#blocks);
    this.#pages = other.#pages?.slice();
  }

  /** What has to be done before the page at an offset can be pinned for reading or writing. */
  actionFor(offset: number, write: boolean): PinAction {
    const state = this.#stateAt(offset);
    if (state === ABSENT) return 'populate';
    if (!write || state === WRITABLE) return 'none';
    return this.kind === 'hugetlb' ? 'make-writable' : 'copy';
  }

  /** Bytes that a host fault on nothing has to zero; 0 where it maps the zero page. */
  bytesToZero(offset: number, write: boolean): number {
    if (this.kind !== 'hugetlb' && !write) return 0;
    return this.isBlock(offset) ? this.blockBytes : this.pageSizeBytes;
  }

  /** Maps the page, or the zero page for a read of private memory, where nothing was mapped. */
  populate(offset: number, write: boolean): void {
    this.#setState(offset, write ? WRITABLE : READ_ONLY);
  }

  /** As {@link populate} for a write, of single pages in a row. */
  populatePages(offset: number, pages: number): void {
    const first = this.#page(offset);
    this.#pageStates().fill(WRITABLE, first, first + pages);
  }

  /** Pages in a row, from an offset on and at most `most`, that are in one state; those of one block only. */
  pagesAlike(offset: number, most: number): number {
    if (this.kind === 'anonymous') return this.#singlesAlike(offset, most);
    const left = (this.blockStart(offset) + this.blockBytes - offset) / this.pageSizeBytes;
    const inBlock = Math.min(most, left);
    return uint8At(this.#blocks, this.#block(offset)) === SPLIT ? this.#singlesAlike(offset, inBlock) : inBlock;
  }

  /**
   * Whether host faults on the same absent page exclude each other, as hugetlbfs has it. Elsewhere each makes a page
   * of its own, and the first to enter it into the page table wins.
   */
  get faultsExclude(): boolean {
    return this.kind === 'hugetlb';
  }

  makeWritable(offset: number): void {
    this.#setState(offset, WRITABLE);
  }

  /** Replaces the zero page at an offset by a private page. A huge zero page is split: its other pages stay zero. */
  copyZeroPage(offset: number): void {
    if (this.isBlock(offset)) {
      this.#blocks[this.#block(offset)] = SPLIT;
      const first = this.#page(this.blockStart(offset));
      this.#pageStates().fill(READ_ONLY, first, first + this.blockBytes / this.pageSizeBytes);
    }
    this.#setState(offset, WRITABLE);
  }

  /** Makes a huge page of the pages of a THP block, as khugepaged does. The notifier has unmapped the block before. */
  collapse(offset: number): void {
    this.#blocks[this.#block(offset)] = WRITABLE;
  }

  /** The range that the notifier takes from the guest before a copy: a whole huge zero page, else the page. */
  copyRange(offset: number): { offset: number; sizeBytes: number } {
    return this.isBlock(offset)
      ? { offset: this.blockStart(offset), sizeBytes: this.blockBytes }
      : { offset: alignDown(offset, this.pageSizeBytes), sizeBytes: this.pageSizeBytes };
  }

  /** Whether the host maps the offset with one huge page. */
  isBlock(offset: number): boolean {
    return this.kind !== 'anonymous' && uint8At(this.#blocks, this.#block(offset)) !== SPLIT;
  }

  /** Whether the host's page table lets the VMM write there, as a pin for reading finds out too. */
  isWritable(offset: number): boolean {
    return this.#stateAt(offset) === WRITABLE;
  }

  /** The first byte of the block that an offset lies in. */
  blockStart(offset: number): number {
    return alignDown(offset, this.blockBytes);
  }

  /** The physical address of what an offset is backed by now. */
  physAddressOf(offset: number): Pa {
    if (this.kind === 'hugetlb' || this.#stateAt(offset) !== READ_ONLY) return this.physAddress + offset;
    return this.zeroPageAddress + (this.isBlock(offset) ? offset % this.blockBytes : 0);
  }

  #block(offset: number): number {
    return Math.floor(offset / this.blockBytes);
  }

  #page(offset: number): number {
    return Math.floor(offset / this.pageSizeBytes);
  }

  #pageStates(): Uint8Array {
    return (this.#pages ??= new Uint8Array(Math.ceil(this.sizeBytes / this.pageSizeBytes)));
  }

  #stateAt(offset: number): number {
    const state = uint8At(this.#blocks, this.#block(offset));
    return state === SPLIT ? uint8At(this.#pageStates(), this.#page(offset)) : state;
  }

  #singlesAlike(offset: number, most: number): number {
    const states = this.#pageStates();
    const first = this.#page(offset);
    const end = Math.min(states.length, first + most);
    let page = first;
    while (page < end && states[page] === states[first]) page++;
    return page - first;
  }

  #setState(offset: number, state: number): void {
    const block = this.#block(offset);
    if (uint8At(this.#blocks, block) === SPLIT) this.#pageStates()[this.#page(offset)] = state;
    else this.#blocks[block] = state;
  }
}
