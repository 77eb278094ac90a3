/** A walk cache: where the last walk for one page ended, as a processor's MMU remembers it. */
import type { Geometry, Ipa } from './geometry.ts';
import { LAST_LEVEL } from './geometry.ts';

/** What a walk cache needs of its table: geometry, and a number that changes whenever a table entry is overwritten. */
export interface CachedTable {
  readonly geometry: Geometry;
  readonly structureVersion: number;
}

/**
 * Remembers one level-3 table page and the table entries on the way to it. Neighbouring pages are looked up one after
 * the other far more often than not, and then need no walk from the root.
 */
export class WalkCache {
  /** Slot of the level-3 table page. */
  slot = 0;
  /** Table entries on the way, by level: arena indices. */
  readonly path = new Int32Array(LAST_LEVEL);

  readonly #table: CachedTable;
  readonly #spanBytes: number;
  readonly #pagesPerByte: number;
  /** First address that the table page translates; Infinity while nothing is remembered. */
  #base = Infinity;
  #version = 0;

  constructor(table: CachedTable) {
    const { entriesPerTable, pageSizeBytes } = table.geometry;
    this.#table = table;
    this.#spanBytes = entriesPerTable * pageSizeBytes;
    // A power of two: multiplying by it is exact, and quicker than dividing.
    this.#pagesPerByte = 1 / pageSizeBytes;
  }

  /** Whether the table's structure is still that of the walk. {@link path} and {@link slot} stay what they were. */
  get current(): boolean {
    return this.#version === this.#table.structureVersion;
  }

  /** The index of an address's entry in the table page, or -1 where the page does not translate it. */
  indexOf(address: Ipa): number {
    const offset = address - this.#base;
    return offset >= 0 && offset < this.#spanBytes && this.current ? (offset * this.#pagesPerByte) | 0 : -1;
  }

  /** Forgets, so that {@link path} can be written. */
  forget(): void {
    this.#base = Infinity;
  }

  /** Remembers a table page that translates from `base` on; the caller has written {@link path}. */
  remember(slot: number, base: Ipa): void {
    this.slot = slot;
    this.#base = base;
    this.#version = this.#table.structureVersion;
  }
}
