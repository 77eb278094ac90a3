/**
 * A state of the exploration as 32-bit words.
 *
 * | word | holds |
 * |---|---|
 * | 0 | the moment of the kernel's timeline |
 * | 1 | host: position, phase, chunks of it; who holds mmu_lock; logging; the backing |
 * | 2 … | a word a vCPU: position in its program, its fault, its memory cache |
 * | then | eight bits a page of the slot, four pages a word |
 * | then | two words a vCPU where hardware is followed CPU by CPU: its TLB, its walker |
 */
import { uint32At } from '@s2bench/core/stage2';

/** A run of bits in a word. */
export interface Field {
  readonly shift: number;
  /** Largest value. */
  readonly most: number;
}

const field = (shift: number, bits: number): Field => ({ shift, most: (1 << bits) - 1 });

export const MOMENT = 0;
export const COMMON = 1;
export const FIRST_VCPU = 2;

export const HOST_POSITION = field(0, 6);
export const HOST_PHASE = field(6, 3);
/** 0: the lock is free; v + 1: vCPU v; 6: somebody who has returned without giving it back; 7: the host. */
export const HOLDER = field(9, 3);
export const LOGGING = field(12, 1);
/** Logging is on as user space sees it: its ioctl has returned. */
export const WATCHED = field(13, 1);
export const BACKING = field(14, 14);
/** Chunks of the host's phase that are done. */
export const HOST_CHUNKS = field(28, 4);

export const HOST_HOLDS = 7;
export const NOBODY_UNLOCKS = 6;

export const POSITION = field(0, 5);
/** Number of the fault in flight; 0: the vCPU is in the guest. */
export const FAULT = field(5, 19);
/** The notifier's sequence has changed since the fault read it. */
export const STALE = field(24, 1);
/** The fault began before logging was switched: the switch waits for it (SRCU). */
export const OLD_SLOT = field(25, 1);
/** Faults in a row without an access that completed or another's lock section. */
export const SOLO = field(26, 3);
/** Table pages in the vCPU's memory cache, while it is in the guest. */
export const CACHE = field(29, 3);

export const PAGES_PER_WORD = 4;
const PAGE_BITS = 8;
/** Of a page: where its newest contents are. */
export const PAGE_STATE = field(0, 3);
/** The I-cache may hold what the page held before. */
export const STALE_LINE = field(3, 1);
/** Its bit in the dirty bitmap. */
export const DIRTY = field(4, 1);
/** The guest wrote it, and the bitmap has not reported that yet. */
export const WRITTEN = field(5, 1);

/** Reads a field of a word. */
export function get(words: Uint32Array, word: number, { shift, most }: Field): number {
  return (uint32At(words, word) >>> shift) & most;
}

/** Stores a field of a word. */
export function set(words: Uint32Array, word: number, { shift, most }: Field, value: number): void {
  words[word] = (uint32At(words, word) & ~(most << shift)) | (value << shift);
}

/** Where the fields of a world's states are. */
export class Layout {
  readonly vcpus: number;
  readonly pages: number;
  /** Words of a state. */
  readonly words: number;
  readonly #firstPage: number;

  /** First of the words of the vCPUs' TLBs and walkers. */
  readonly firstCpu: number;

  constructor(vcpus: number, pages: number, explicitHardware: boolean) {
    this.vcpus = vcpus;
    this.pages = pages;
    this.#firstPage = FIRST_VCPU + vcpus;
    this.firstCpu = this.#firstPage + Math.ceil(pages / PAGES_PER_WORD);
    this.words = this.firstCpu + (explicitHardware ? 2 * vcpus : 0);
  }

  getPage(words: Uint32Array, page: number, { shift, most }: Field): number {
    return (uint32At(words, this.#firstPage + (page >> 2)) >>> (shift + PAGE_BITS * (page & 3))) & most;
  }

  setPage(words: Uint32Array, page: number, { shift, most }: Field, value: number): void {
    const word = this.#firstPage + (page >> 2);
    const at = shift + PAGE_BITS * (page & 3);
    words[word] = (uint32At(words, word) & ~(most << at)) | (value << at);
  }

  /** A one-bit field of all pages as a mask. */
  pageMask(words: Uint32Array, oneBit: Field): number {
    let mask = 0;
    for (let page = 0; page < this.pages; page++) mask |= this.getPage(words, page, oneBit) << page;
    return mask;
  }

  /** Stores a one-bit field in all pages of a mask. */
  setPages(words: Uint32Array, mask: number, oneBit: Field, value: number): void {
    for (let page = 0; page < this.pages; page++) {
      if (((mask >>> page) & 1) !== 0) this.setPage(words, page, oneBit, value);
    }
  }
}
