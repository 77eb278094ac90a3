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
    this.#forEachWord(address, sizeBytes, (word, mask) => {
      const before = this.#dirty[word] ?? 0;
      this.#dirtyPages += countBits(mask & ~before);
      this.#dirty[word] = before | mask;
    });
  }

  cleaned(address: Pa, sizeBytes: number): void {
    if (this.#dirtyPages === 0) return;
    this.#forEachWord(address, sizeBytes, (word, mask) => {
      const before = this.#dirty[word] ?? 0;
      this.#dirtyPages -= countBits(before & mask);
      this.#dirty[word] = before & ~mask;
    });
  }

  /** Pages of a range whose last host store was never cleaned. */
  dirtyPagesIn(address: Pa, sizeBytes: number): number {
    if (this.#dirtyPages === 0) return 0;
    let pages = 0;
    this.#forEachWord(address, sizeBytes, (word, mask) => {
      pages += countBits((this.#dirty[word] ?? 0) & mask);
    });
    return pages;
  }

  #forEachWord(address: Pa, sizeBytes: number, visit: (word: number, mask: number) => void): void {
    const first = Math.max(0, Math.floor((address - this.#base) / this.#pageSizeBytes));
    const end = Math.min(
      this.#dirty.length * BITS,
      Math.ceil((address + sizeBytes - this.#base) / this.#pageSizeBytes),
    );
    for (let page = first; page < end;) {
      const bit = page % BITS;
      const bits = Math.min(BITS - bit, end - page);
      visit(Math.floor(page / BITS), bits === BITS ? -1 : (2 ** bits - 1) << bit);
      page += bits;
    }
  }
}

/** Bits that are set in a 32-bit word. */
function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
