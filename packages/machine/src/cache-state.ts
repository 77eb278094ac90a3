/** Which host pages hold stores that have not reached the point of coherency. */
import type { Pa } from '@s2bench/core/stage2';

const BITS = 32;

/**
 * A bit per host page: set by a store of the host through its caches, cleared by a clean to PoC.
 *
 * A page stays dirty until it is cleaned. Real caches also write lines back when they need room, so a guest that
 * reads such a page with its caches off *may* see what was there before: the count is of accesses that nothing
 * protects, which is what a proof has to exclude.
 */
export class CacheState {
  readonly #base: Pa;
  readonly #pageSizeBytes: number;
  readonly #dirty: Uint32Array;
  #dirtyPages = 0;

  /**
   * @param base - lowest physical address that is tracked
   * @param sizeBytes - bytes that are tracked from there on
   */
  constructor(base: Pa, sizeBytes: number, pageSizeBytes: number) {
    this.#base = base;
    this.#pageSizeBytes = pageSizeBytes;
    this.#dirty = new Uint32Array(Math.ceil(sizeBytes / pageSizeBytes / BITS));
  }

  copyFrom(other: CacheState): void {
    this.#dirty.set(other.#dirty);
    this.#dirtyPages = other.#dirtyPages;
  }

  hostWrote(address: Pa, sizeBytes: number): void {
    const end = this.#endPage(address, sizeBytes);
    for (let page = this.#firstPage(address); page < end; page = behindWord(page)) {
      const word = Math.floor(page / BITS);
      const mask = bitsFrom(page, end);
      const before = this.#dirty[word] ?? 0;
      this.#dirtyPages += countBits(mask & ~before);
      this.#dirty[word] = before | mask;
    }
  }

  cleaned(address: Pa, sizeBytes: number): void {
    if (this.#dirtyPages === 0) return;
    const end = this.#endPage(address, sizeBytes);
    for (let page = this.#firstPage(address); page < end; page = behindWord(page)) {
      const word = Math.floor(page / BITS);
      const before = this.#dirty[word] ?? 0;
      if (before === 0) continue;
      const mask = bitsFrom(page, end);
      this.#dirtyPages -= countBits(before & mask);
      this.#dirty[word] = before & ~mask;
    }
  }

  /** Pages of a range whose last host store was never cleaned. */
  dirtyPagesIn(address: Pa, sizeBytes: number): number {
    if (this.#dirtyPages === 0) return 0;
    const end = this.#endPage(address, sizeBytes);
    let pages = 0;
    for (let page = this.#firstPage(address); page < end; page = behindWord(page)) {
      const dirty = this.#dirty[Math.floor(page / BITS)] ?? 0;
      if (dirty !== 0) pages += countBits(dirty & bitsFrom(page, end));
    }
    return pages;
  }

  #firstPage(address: Pa): number {
    return Math.max(0, Math.floor((address - this.#base) / this.#pageSizeBytes));
  }

  /** The page behind the last of a range. */
  #endPage(address: Pa, sizeBytes: number): number {
    return Math.min(this.#dirty.length * BITS, Math.ceil((address + sizeBytes - this.#base) / this.#pageSizeBytes));
  }
}

/** The first page of the next word. No bit operations: a host of 8 TiB has more pages than they know. */
function behindWord(page: number): number {
  return page - (page % BITS) + BITS;
}

/** The bits of a page's word from that page on, before `end`. */
function bitsFrom(page: number, end: number): number {
  const from = -1 << page;
  const left = end - (page - (page % BITS));
  return left < BITS ? from & ~(-1 << left) : from;
}

/** Bits that are set in a 32-bit word. */
function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
