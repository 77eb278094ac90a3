/** The page that a guest which goes through its memory faults on next. */
import type { EntryId } from '@s2bench/core';
import { OK } from '@s2bench/core';
import type { Ipa, Pa, Protection, Stage2Table, WalkCache } from '@s2bench/core/stage2';
import { LAST_LEVEL, VALID } from '@s2bench/core/stage2';
import type { LeafStore } from './leaf-store.ts';

/**
 * The page behind the last one, to the host's page behind it, in the table page that the walk cache holds. Where effects are
 * added up, a few comparisons tell that it is this one, and no address has to be handed on: a call that V8 does not inline
 * makes heap numbers of addresses, which takes longer than to map a page.
 *
 * Whoever uses it knows that no visitor has to be asked.
 */
export class NextPage {
  readonly #table: Stage2Table;
  readonly #walkCache: WalkCache;
  readonly #leaves: LeafStore;
  /** Infinity where there is none: the last page was the last of its table page. */
  #address: Ipa = Infinity;
  #entry: EntryId = 0;
  #protection: Protection | undefined = undefined;

  constructor(table: Stage2Table, walkCache: WalkCache, leaves: LeafStore) {
    this.#table = table;
    this.#walkCache = walkCache;
    this.#leaves = leaves;
  }

  /** A page is mapped whose entry has an index in the table page of the walk cache. */
  expectAfter(index: number, address: Ipa, protection: Protection): void {
    const { entriesPerTable, pageSizeBytes } = this.#table.geometry;
    this.#entry = this.#walkCache.slot * entriesPerTable + index + 1;
    this.#address = index + 1 === entriesPerTable ? Infinity : address + pageSizeBytes;
    this.#protection = protection;
  }

  /** Whether a map is of this page, its entry is free, and nobody looks at the effects of each. */
  is(address: Ipa, sizeBytes: number, physAddress: Pa, protection: Protection): boolean {
    const table = this.#table;
    return (
      address === this.#address &&
      physAddress === this.#leaves.nextPage &&
      protection === this.#protection &&
      sizeBytes === table.geometry.pageSizeBytes &&
      this.#walkCache.current &&
      (table.low(this.#entry) & VALID) === 0 &&
      !table.hasOwners &&
      table.effects.pageTotals !== undefined
    );
  }

  /** Maps it, and goes one page on. */
  map(): number {
    const { effects, geometry } = this.#table;
    const entry = this.#entry;
    effects.descriptorsRead(LAST_LEVEL + 1 - geometry.startLevel, entry);
    if (effects.pageTotals !== undefined) this.#leaves.fillNext(entry, this.#walkCache.slot, effects.pageTotals);
    this.#entry = entry + 1;
    if ((this.#entry & (geometry.entriesPerTable - 1)) === 0) this.#address = Infinity;
    else this.#address += geometry.pageSizeBytes;
    return OK;
  }
}
