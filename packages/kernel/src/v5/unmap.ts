/** Unmapping a range, and destroying a table. */
import { LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Ipa, Level, PageTotals, Stage2Table } from '@s2bench/core/stage2';
import { int32At, isCacheable, isTable, LAST_LEVEL, outputAddress, uint32At, VALID } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { Visitor, WalkState } from './walker.ts';
import { LEAF, TABLE_POST, walk, walkBelow } from './walker.ts';

/**
 * Unmaps `[address, address + sizeBytes)`: each valid leaf is invalidated, its TLB entries by IPA, its memory
 * cleaned where the host's caches may hold it; a table left empty is freed. A block that lies only partly in the
 * range goes as a whole.
 *
 * @param hint - the level hint with which a table is unlinked
 * @param deferred - what issues no TLBI here, because the caller invalidates the whole range when the walk is done
 * @returns 0 or ERANGE
 */
export function unmap(
  table: Stage2Table,
  address: Ipa,
  sizeBytes: number,
  hint: KernelModel['unlinkHint'] = 'own',
  deferred: KernelModel['deferredUnmap'] = 'nothing',
): number {
  return walk(table, address, sizeBytes, new Unmapper(table, hint, deferred));
}

class Unmapper implements Visitor {
  readonly flags = LEAF | TABLE_POST;
  readonly #table: Stage2Table;
  readonly #hint: KernelModel['unlinkHint'];
  readonly #flushesLeaves: boolean;
  readonly #flushesTables: boolean;

  constructor(table: Stage2Table, hint: KernelModel['unlinkHint'], deferred: KernelModel['deferredUnmap']) {
    this.#table = table;
    this.#hint = hint;
    this.#flushesLeaves = deferred === 'nothing';
    this.#flushesTables = deferred !== 'tables';
  }

  tablePre(): number {
    return OK;
  }

  leaves(first: number, count: number, level: number, state: WalkState): number {
    const table = this.#table;
    if (level === LAST_LEVEL && table.isBare) return this.#unmapPages(first, count, state.entryAddress);
    const granule = table.geometry.granuleBytes[level as Level];
    let at = state.entryAddress;
    for (let entry = first; entry < first + count; entry++) {
      if ((table.low(entry) & VALID) !== 0) this.#unmapLeaf(entry, at, level);
      else if (table.isOwned(entry)) {
        table.store(entry, 0, 0);
        table.drop(table.slotOf(entry), 1);
      }
      at += granule;
    }
    return OK;
  }

  tablePost(entry: number, level: number, state: WalkState): number {
    const table = this.#table;
    if (!isTable(table.low(entry))) return OK;
    const child = table.childOf(entry);
    if (!table.isEmpty(child)) return OK;
    const hint = this.#hint === 'own' ? level : LEVEL_UNKNOWN;
    this.#unlink(entry, state.entryAddress, level, hint, this.#flushesTables);
    table.freeTable(child);
    return OK;
  }

  /** Neighbouring entries of level 3, each as {@link #unmapLeaf} does, where nobody else looks at single stores. */
  #unmapPages(first: number, count: number, address: Ipa): number {
    const { geometry, effects, arena, fwb, clearsEntries } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const { pageSizeBytes } = geometry;
    const flushes = this.#flushesLeaves;
    const slot = this.#table.slotOf(first);
    if (effects.pageTotals !== undefined) return this.#unmapAtOnce(first, count, slot, effects.pageTotals);
    let at = address;
    for (let entry = first; entry < first + count; entry++) {
      const low = uint32At(words, 2 * entry) | 0;
      if ((low & VALID) !== 0) {
        const high = uint32At(words, 2 * entry + 1);
        words[2 * entry] = clearsEntries ? 0 : low & ~VALID;
        if (clearsEntries) words[2 * entry + 1] = 0;
        validCounts[slot] = int32At(validCounts, slot) - 1;
        effects.entryInvalidated(entry, at, LAST_LEVEL);
        if (flushes) effects.tlbiIpa(at, LAST_LEVEL);
        refcounts[slot] = int32At(refcounts, slot) - 1;
        effects.referencesDropped(1);
        if (!fwb && isCacheable(low, fwb)) effects.dcacheClean(outputAddress(low, high, geometry), pageSizeBytes);
      }
      at += pageSizeBytes;
    }
    return OK;
  }

  /** As {@link #unmapPages}, for a sink that adds up. */
  #unmapAtOnce(first: number, count: number, slot: number, totals: PageTotals): number {
    const { arena, fwb, clearsEntries } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const keptLow = clearsEntries ? 0 : ~VALID;
    const end = first + count;
    let valid = 0;
    let cleaned = 0;
    for (let entry = first; entry < end; entry++) {
      const low = uint32At(words, 2 * entry) | 0;
      if ((low & VALID) === 0) continue;
      valid++;
      if (!fwb && isCacheable(low, fwb)) cleaned++;
      words[2 * entry] = low & keptLow;
      if (clearsEntries) words[2 * entry + 1] = 0;
    }
    if (valid === 0) return OK;
    validCounts[slot] = int32At(validCounts, slot) - valid;
    refcounts[slot] = int32At(refcounts, slot) - valid;
    totals.pagesUnmapped(valid, this.#flushesLeaves, cleaned);
    return OK;
  }

  #unmapLeaf(entry: number, address: Ipa, level: number): void {
    const table = this.#table;
    const low = table.low(entry);
    const high = table.high(entry);
    this.#unlink(entry, address, level, level, this.#flushesLeaves);
    cleanLeaf(table, low, high, level);
  }

  #unlink(entry: number, address: Ipa, level: number, hint: number, flushes: boolean): void {
    const table = this.#table;
    table.invalidate(entry, address, level);
    if (flushes) table.effects.tlbiIpa(address, hint);
    table.drop(table.slotOf(entry), 1);
  }
}

/** Cleans what a leaf maps, where the host's caches may hold it. */
export function cleanLeaf(table: Stage2Table, low: number, high: number, level: number): void {
  if (table.fwb || !isCacheable(low, table.fwb)) return;
  table.effects.dcacheClean(outputAddress(low, high, table.geometry), table.geometry.granuleBytes[level as Level]);
}

/** Frees every table page, the root's included, and drops the references of every valid entry. No TLBI, no clean. */
export function destroy(table: Stage2Table): void {
  walk(table, 0, table.geometry.ipaLimit, new Destroyer(table));
  for (let rootPage = 0; rootPage < table.geometry.rootPages; rootPage++) table.freeTable(rootPage);
}

/** Frees all that is below a table page that has left the tree, and drops the references of its entries. */
export function destroyBelow(table: Stage2Table, slot: number): void {
  walkBelow(table, slot, new Destroyer(table));
}

class Destroyer implements Visitor {
  readonly flags = LEAF | TABLE_POST;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  tablePre(): number {
    return OK;
  }

  leaves(first: number, count: number, level: number): number {
    const table = this.#table;
    const slot = table.slotOf(first);
    const isWhole = level === LAST_LEVEL && count === table.geometry.entriesPerTable && !table.hasOwners;
    const counted = isWhole ? table.validCount(slot) : table.countCounted(first, count);
    if (counted > 0) table.drop(slot, counted);
    return OK;
  }

  tablePost(entry: number): number {
    const table = this.#table;
    table.drop(table.slotOf(entry), 1);
    table.freeTable(table.childOf(entry));
    return OK;
  }
}
