/** The memory that a trace speaks of: pages that were initialised, and what was stored to them. */
import { TABLE_BYTES } from './real-table.ts';

/** Bytes of a descriptor. */
export const ENTRY_BYTES = 8n;
/** Descriptors in a table page. */
export const PAGE_ENTRIES = Number(TABLE_BYTES / ENTRY_BYTES);

/** Words of 64 bits, in pages. */
export class TraceMemory {
  readonly #pages = new Map<bigint, BigUint64Array>();

  /** The words of a page; `undefined` where it was not initialised. */
  page(address: bigint): BigUint64Array | undefined {
    return this.#pages.get(address);
  }

  /** Initialises a page with zeroes. */
  init(address: bigint): void {
    this.#pages.set(address, new BigUint64Array(PAGE_ENTRIES));
  }

  free(address: bigint): void {
    this.#pages.delete(address);
  }
}

/** The page that an address lies in. */
export function pageOf(address: bigint): bigint {
  return address - (address % TABLE_BYTES);
}

/** Which entry of its page an address is. */
export function indexOf(address: bigint): number {
  return Number((address % TABLE_BYTES) / ENTRY_BYTES);
}
