/**
 * Splitting blocks eagerly (v6.5, linux a12ab1378a88 and its series): the full table is built where nobody can reach it,
 * without cleans or flushes, since nothing new becomes accessible; then one break a block.
 */
import { EINVAL, ENOMEM, OK } from '@s2bench/core';
import type { Geometry, Ipa, LeafAttributes, Level, Pa, Stage2Table } from '@s2bench/core/stage2';
import { alignDown, LAST_LEVEL, leafAttributes, leafSizes, outputAddress } from '@s2bench/core/stage2';
import { S2AP_READ, S2AP_WRITE, XN_HIGH } from '@s2bench/core/stage2';
import type { MemoryCache } from '../memory-cache.ts';
import type { V6Visitor, V6Walk } from './walker.ts';

/** Splits what a walk under the exclusive lock comes to, with the table pages of a cache. */
export class Splitter implements V6Visitor {
  readonly #table: Stage2Table;
  readonly #cache: MemoryCache;

  constructor(table: Stage2Table, cache: MemoryCache) {
    this.#table = table;
    this.#cache = cache;
  }

  leaf(entry: number, level: number, { old, entryAddress }: V6Walk): number {
    const table = this.#table;
    if (level === LAST_LEVEL || !old.valid) return OK;
    const pages = tablePagesOf(table, level);
    // Where the cache holds too little for all of it, one page of smaller leaves is built, and the walk splits those.
    const isFull = this.#cache.pagesLeft >= pages;
    if (this.#cache.pagesLeft < 1) return ENOMEM;
    const attributes = attributesOf(old.low, old.high, table.fwb);
    if (attributes === undefined) return EINVAL;
    const granule = table.geometry.granuleBytes[level as Level];
    const begin = alignDown(entryAddress, granule);
    const child = this.#build(begin, level, attributes, outputAddress(old.low, old.high, table.geometry), isFull);
    const slot = table.slotOf(entry);
    table.lock(entry, entryAddress, level);
    table.effects.tlbiIpa(entryAddress, level);
    table.drop(slot, 1);
    table.take(slot);
    table.installTable(entry, entryAddress, level, child);
    return OK;
  }

  /** Builds the table page below an entry of `level`, and where it is to be full all pages below that. */
  #build(address: Ipa, level: number, attributes: LeafAttributes, phys: Pa, isFull: boolean): number {
    const table = this.#table;
    const { entriesPerTable, granuleBytes } = table.geometry;
    this.#cache.take();
    const child = table.allocateChild(address, level);
    const first = child * entriesPerTable;
    const below = level + 1;
    if (below === LAST_LEVEL || !isFull) {
      table.takeMany(child, entriesPerTable);
      table.buildLeaves(first, entriesPerTable, address, below, attributes, phys);
      return child;
    }
    const granule = granuleBytes[below as Level];
    for (let index = 0; index < entriesPerTable; index++) {
      const offset = index * granule;
      const grandchild = this.#build(address + offset, below, attributes, phys + offset, true);
      table.take(child);
      table.buildTable(first + index, address + offset, below, grandchild);
    }
    return child;
  }
}

/** Table pages that it takes to map the block of an entry by pages. */
function tablePagesOf({ geometry }: Stage2Table, level: number): number {
  let pages = 0;
  for (let below = level; below < LAST_LEVEL; below++) pages = pages * geometry.entriesPerTable + 1;
  return pages;
}

/** What the leaves of a split block are: its permissions, as normal memory. The release asks a block for nothing else. */
function attributesOf(low: number, high: number, fwb: boolean): LeafAttributes | undefined {
  const protection = {
    read: (low & S2AP_READ) !== 0,
    write: (low & S2AP_WRITE) !== 0,
    execute: (high & XN_HIGH) === 0,
    device: false,
  };
  return leafAttributes(protection, fwb);
}

/** Table pages that splitting a chunk may take: one for each block of each level that it holds (`kvm_mmu_split_nr_page_tables`). */
export function splitTablePages(geometry: Geometry, chunkBytes: number): number {
  const blocks = leafSizes(geometry).filter((sizeBytes) => sizeBytes !== geometry.pageSizeBytes);
  return blocks.reduce((sum, sizeBytes) => sum + Math.ceil(chunkBytes / sizeBytes), 0);
}
