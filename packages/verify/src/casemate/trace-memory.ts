/** The memory that a trace speaks of: pages that were initialised, and what was stored to them. */
import { TABLE_BYTES } from './real-table.ts';

/** Sparse memory of 64-bit words. */
export class TraceMemory {
  readonly #pages = new Set<bigint>();
  readonly #words = new Map<bigint, bigint>();

  /** Whether a page was initialised. */
  has(page: bigint): boolean {
    return this.#pages.has(page);
  }

  init(address: bigint, size: bigint): void {
    for (let page = address; page < address + size; page += TABLE_BYTES) this.#pages.add(page);
  }

  free(address: bigint, size: bigint): void {
    for (let page = address; page < address + size; page += TABLE_BYTES) this.#pages.delete(page);
    for (const word of [...this.#words.keys()]) if (word >= address && word < address + size) this.#words.delete(word);
  }

  /** A word; zero where nothing was stored. */
  read(address: bigint): bigint {
    return this.#words.get(address) ?? 0n;
  }

  write(address: bigint, value: bigint): void {
    this.#words.set(address, value);
  }
}
