/** The per-vCPU cache of table pages that is topped up before mmu_lock is taken. */
export class MemoryCache {
  #pagesLeft: number;

  /** @param pages - pages in the cache; `Infinity` never runs out, 0 is an empty cache */
  constructor(pages: number) {
    this.#pagesLeft = pages;
  }

  /** Pages that can still be taken. */
  get pagesLeft(): number {
    return this.#pagesLeft;
  }

  /** Takes a page; `false` where none is left, which a map turns into ENOMEM. */
  take(): boolean {
    if (this.#pagesLeft <= 0) return false;
    this.#pagesLeft--;
    return true;
  }

  /** Gives back what is left. */
  empty(): void {
    this.#pagesLeft = 0;
  }

  /** Fills the cache up to `pages`, as the abort handler does before it takes the lock. */
  topUp(pages: number): void {
    this.#pagesLeft = Math.max(this.#pagesLeft, pages);
  }
}
