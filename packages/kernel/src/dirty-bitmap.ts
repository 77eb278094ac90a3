/** The dirty bitmap of a memslot: a bit per page. */
import { uint32At } from '@s2bench/core/stage2';

const BITS = 32;

/** Pages that the guest has written since the bitmap was last cleared. */
export class DirtyBitmap {
  readonly #words: Uint32Array;

  /** @param pages - pages of the memslot */
  constructor(pages: number) {
    this.#words = new Uint32Array(Math.ceil(pages / BITS));
  }

  get sizeBytes(): number {
    return this.#words.byteLength;
  }

  /** Marks the page of an index. */
  mark(page: number): void {
    const word = (page / BITS) | 0;
    this.#words[word] = uint32At(this.#words, word) | (1 << (page % BITS));
  }

  /** Marks neighbouring pages. */
  markRun(firstPage: number, pages: number): void {
    for (let page = firstPage; page < firstPage + pages; page++) this.mark(page);
  }

  isDirty(page: number): boolean {
    return ((uint32At(this.#words, (page / BITS) | 0) >>> (page % BITS)) & 1) !== 0;
  }

  copyFrom(other: DirtyBitmap): void {
    this.#words.set(other.#words);
  }

  /** Marks every page (KVM_DIRTY_LOG_INITIALLY_SET). */
  fill(): void {
    this.#words.fill(-1);
  }

  /** Forgets the page of an index. */
  unmark(page: number): void {
    const word = (page / BITS) | 0;
    this.#words[word] = uint32At(this.#words, word) & ~(1 << (page % BITS));
  }

  clear(): void {
    this.#words.fill(0);
  }

  /** Calls `visit` for each run of neighbouring dirty pages, ascending. */
  forEachRun(visit: (firstPage: number, pages: number) => void): void {
    let first = -1;
    const end = this.#words.length * BITS;
    for (let page = 0; page < end; page++) {
      if (first < 0 && page % BITS === 0 && uint32At(this.#words, page / BITS) === 0) {
        page += BITS - 1;
        continue;
      }
      if (this.isDirty(page)) {
        if (first < 0) first = page;
      } else if (first >= 0) {
        visit(first, page - first);
        first = -1;
      }
    }
    if (first >= 0) visit(first, end - first);
  }
}
