/** Mapping a range: the stock leaf handler, and the operations that a strategy's visitors act through. */
import type { EntryId, MapOperation, Stage2Entry, Strategy, TableId, TablePage } from '@s2bench/core';
import { ERANGE, LEVEL_UNKNOWN, NO_ENTRY, NO_TABLE, OK, SKIP_BELOW } from '@s2bench/core';
import type { Ipa, Level, Pa, Protection, Stage2Table } from '@s2bench/core/stage2';
import { int32At, LAST_LEVEL, VALID, WalkCache, walkFromRoot } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import type { Annotation } from '../owners.ts';
import { flushRange } from '../flush-range.ts';
import { EntryCursor } from './entry-cursor.ts';
import { LeafStore } from './leaf-store.ts';
import { LeafVisitor } from './leaf-visitor.ts';
import { NextPage } from './next-page.ts';
import { dropValid, freeTables, refuseFreed, walkTables } from './table-pages.ts';
import type { Visitor } from './walker.ts';
import { LEAF, setRange, TABLE_POST, TABLE_PRE, walkBelow, walkRange, WalkState, walkTable } from './walker.ts';

/** Maps ranges of one table with one strategy. */
export class Mapper implements MapOperation, Visitor {
  readonly flags = LEAF | TABLE_PRE | TABLE_POST;
  anchor: EntryId = NO_ENTRY;
  followed: TableId = NO_TABLE;

  readonly #table: Stage2Table;
  readonly #strategy: Strategy;
  readonly #cursor: EntryCursor;
  readonly #walk = new WalkState();
  readonly #walkCache: WalkCache;
  /** What is stored; the mapper finds out where. */
  readonly #leaves: LeafStore;
  /** The table entry that was broken last, and the table page it led to: where what goes becomes 0, nothing else knows. */
  #broken: EntryId = NO_ENTRY;
  #brokenTable: TableId = NO_TABLE;
  /** The strategy has done something in this map, or has looked at leaves. */
  #acted = false;
  /**
   * The last map was of a page of the table that the walk cache holds, and all visitors above it were called and had
   * nothing to do. At the page beside it they need not be called: the tables are the same, and so is every answer that they
   * could get. One that asks for an address, acts or looks at leaves is called at each page.
   */
  #isQuiet = false;
  readonly #next: NextPage;

  constructor(table: Stage2Table, kernel: KernelModel, strategy: Strategy) {
    this.#table = table;
    this.#strategy = strategy;
    this.#cursor = new EntryCursor(table);
    this.#walkCache = new WalkCache(table);
    this.#leaves = new LeafStore(table, kernel, this.#walk);
    this.#next = new NextPage(table, this.#walkCache, this.#leaves);
    // A strategy has no memory of its own, here neither.
    Object.preventExtensions(this);
  }

  /**
   * Whether the strategy did more in the last map than to ask what it would be told of the next page too, or is to be
   * asked at every leaf. One that asks where it is may do nothing here and something a page further on.
   */
  get strategyActs(): boolean {
    const did = this.#acted || this.#cursor.wasAskedWhere;
    return did || this.anchor !== NO_ENTRY || this.followed !== NO_TABLE || this.#strategy.leaf !== undefined;
  }

  /** Leaves that were installed since the mapper was made: see `LeafStore`. */
  get installedLeaves(): number {
    return this.#leaves.installedLeaves;
  }

  get physAddress(): Pa {
    this.#cursor.wasAskedWhere = true;
    return this.#leaves.physAddress;
  }

  /**
   * Maps `[address, address + sizeBytes)` to `[physAddress, …)` with the largest leaves that alignment allows.
   *
   * @param cache - where table pages come from; `null` is a caller that expects to need none
   * @param pagesOnly - whether no block may be made
   * @param cleaned - whether all of it was cleaned before the lock was taken
   * @returns 0; EINVAL for executable device memory; ERANGE; ENOMEM where the cache is empty; EAGAIN where an entry
   * already maps the same page and the kernel model filters permission changes. Entries before the failing one stay
   * mapped.
   */
  map(
    address: Ipa,
    sizeBytes: number,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    pagesOnly = false,
    cleaned = false,
  ): number {
    if (this.#isQuiet && this.#next.is(address, sizeBytes, physAddress, protection)) return this.#next.map();
    const { pageSizeBytes, ipaLimit } = this.#table.geometry;
    const isPage = sizeBytes === pageSizeBytes && (address & (pageSizeBytes - 1)) === 0 && address < ipaLimit;
    const index = isPage ? this.#walkCache.indexOf(address) : -1;
    if (this.#isQuiet && index >= 0 && this.#leaves.isLike(protection)) {
      const entry = this.#walkCache.slot * this.#table.geometry.entriesPerTable + index;
      if (this.#isFree(entry)) return this.#mapQuietPage(entry, address, physAddress);
    }
    this.#isQuiet = false;
    const rc = this.#leaves.setLeaves(address, physAddress, protection, cache, pagesOnly, cleaned);
    if (rc !== OK) return rc;
    this.#forget();
    if (index >= 0) {
      this.#leaves.topLeafLevel = LAST_LEVEL;
      this.#walk.end = address + sizeBytes;
      this.#cursor.at = address;
      this.#next.expectAfter(index, address, protection);
      return this.#mapCachedPage(index);
    }
    return this.#mapRange(address, sizeBytes);
  }

  /**
   * Stores annotations in the place of leaves: who owns the memory of a range that is not mapped.
   *
   * @returns as {@link map}
   */
  annotate(address: Ipa, sizeBytes: number, annotation: Annotation, cache: MemoryCache | null): number {
    this.#isQuiet = false;
    this.#leaves.setAnnotation(annotation, cache);
    this.#forget();
    this.#table.hasOwners = true;
    return this.#mapRange(address, sizeBytes);
  }

  #forget(): void {
    this.#acted = false;
    this.#cursor.wasAskedWhere = false;
    this.anchor = NO_ENTRY;
    this.followed = NO_TABLE;
    this.#broken = NO_ENTRY;
    this.#brokenTable = NO_TABLE;
  }

  // Visitor: what the walker calls.

  tablePre(entry: EntryId, level: number): number {
    const strategy = this.#strategy;
    if (strategy.tablePre === undefined) return OK;
    return strategy.tablePre(this.#at(entry, level), this) ?? OK;
  }

  tablePost(entry: EntryId, level: number): number {
    const strategy = this.#strategy;
    if (strategy.tablePost === undefined) return OK;
    return strategy.tablePost(this.#at(entry, level), this) ?? OK;
  }

  leaves(first: EntryId, count: number, level: number): number {
    if (this.#strategy.leaf !== undefined) return this.#visitLeaves(first, count, level);
    if (this.anchor !== NO_ENTRY) {
      dropValid(this.#table, first, count);
      return OK;
    }
    // Above level 3 a run is one entry.
    return level === LAST_LEVEL ? this.#mapPages(first, count) : this.#mapEntry(this.#at(first, level));
  }

  // MapOperation: what a strategy calls.

  blockSupported(entry: Stage2Entry): boolean {
    return this.#leaves.leafSupported(entry);
  }

  follow(entry: Stage2Entry): TableId {
    return entry.id === this.#broken ? this.#brokenTable : this.#table.childOf(entry.id);
  }

  invalidate(entry: Stage2Entry): void {
    this.#acted = true;
    if (this.#table.clearsEntries && this.#table.pointsToTable(entry.id, entry.level)) {
      this.#brokenTable = this.#table.childOf(entry.id);
      this.#broken = entry.id;
    }
    this.#table.invalidate(entry.id, entry.address, entry.level);
  }

  tlbiVmid(): void {
    this.#acted = true;
    this.#table.effects.tlbiVmid();
  }

  tlbiIpa(entry: Stage2Entry, level: number = entry.level): void {
    this.#acted = true;
    if (!Number.isInteger(level) || level < LEVEL_UNKNOWN || level > LAST_LEVEL)
      throw new RangeError(`tlbiIpa: level ${level}: must be 0 (LEVEL_UNKNOWN) to ${LAST_LEVEL}`);
    this.#table.effects.tlbiIpa(entry.address, level);
  }

  clean(entry: Stage2Entry): void {
    this.#acted = true;
    this.#leaves.clean(entry);
  }

  get needsClean(): boolean {
    return this.#leaves.needsClean;
  }

  invalidateIcache(entry: Stage2Entry): void {
    this.#acted = true;
    this.#leaves.invalidateIcache(entry);
  }

  tlbiRange(address: Ipa, sizeBytes: number): void {
    this.#acted = true;
    flushRange(this.#table, true, address, sizeBytes);
  }

  install(entry: Stage2Entry): void {
    this.#acted = true;
    this.#leaves.install(entry);
  }

  mapLeaf(entry: Stage2Entry): number {
    this.#acted = true;
    return this.#leaves.mapEntry(entry);
  }

  put(entry: Stage2Entry): void {
    this.#acted = true;
    this.#table.drop(this.#table.slotOf(entry.id), 1);
  }

  get(entry: Stage2Entry): void {
    this.#acted = true;
    this.#table.take(this.#table.slotOf(entry.id));
  }

  freeTable(table: TableId): void {
    this.#acted = true;
    this.#table.freeTable(table);
  }

  freeBelow(table: TableId): void {
    this.#acted = true;
    freeTables(this.#table, table);
  }

  walkTables(table: TableId, visit: (page: TablePage) => void): void {
    this.#acted = true;
    refuseFreed(this.#table, table, 'walkTables');
    walkTables(this.#table, table, visit);
  }

  walkLeaves(table: TableId, visit: (leaf: Stage2Entry) => void): void {
    this.#acted = true;
    refuseFreed(this.#table, table, 'walkLeaves');
    walkBelow(this.#table, table, new LeafVisitor(this.#table, visit, new EntryCursor(this.#table)));
  }

  /** Moves the cursor to the entry that the walk visits. */
  #at(entry: EntryId, level: number): EntryCursor {
    return this.#cursor.moveTo(entry, this.#walk.entryAddress, level);
  }

  /** What our own leaf handler asks of an entry, no visitor has asked. */
  #mapEntry(cursor: EntryCursor): number {
    const { wasAskedWhere } = cursor;
    const rc = this.#leaves.mapEntry(cursor);
    cursor.wasAskedWhere = wasAskedWhere;
    return rc;
  }

  #mapRange(address: Ipa, sizeBytes: number): number {
    const table = this.#table;
    const walk = this.#walk;
    const { granuleBytes, pageSizeBytes } = table.geometry;
    if (!setRange(walk, table.geometry, address, sizeBytes)) return ERANGE;
    const from = walk.address;
    const rangeBytes = walk.end - from;
    let topLeafLevel = 0;
    while (topLeafLevel < LAST_LEVEL && granuleBytes[topLeafLevel as Level] > rangeBytes) topLeafLevel++;
    this.#leaves.topLeafLevel = topLeafLevel;
    const rc = walkRange(table, this, walk);
    // The next map is often of the next page: let the cache remember where this one was.
    if (rc === OK && rangeBytes === pageSizeBytes) walkFromRoot(table, from, this.#walkCache);
    return rc;
  }

  /** Whether an entry of level 3 holds nothing, so that nothing goes before it is mapped. */
  #isFree(entry: EntryId): boolean {
    return (this.#table.low(entry) & VALID) === 0 && !this.#table.hasOwners;
  }

  /** As {@link #mapCachedPage}, at a free entry, where no visitor is called. */
  #mapQuietPage(entry: EntryId, address: Ipa, physAddress: Pa): number {
    const { effects, geometry } = this.#table;
    const { slot, path } = this.#walkCache;
    for (let level = geometry.startLevel; level < LAST_LEVEL; level++) effects.descriptorsRead(1, int32At(path, level));
    effects.descriptorsRead(1, entry);
    this.#leaves.fillPage(entry, slot, address, physAddress - (physAddress & (geometry.pageSizeBytes - 1)));
    return OK;
  }

  /**
   * Walks one page with the help of the walk cache. A guest faults page by page, so this is the path that a simulation
   * spends its time on. What is visited and read is what {@link walkRange} visits and reads, in the same order.
   *
   * The cursor has the address, the walk the end.
   *
   * @param index - of the entry in the level-3 table page that the cache holds
   */
  #mapCachedPage(index: number): number {
    const table = this.#table;
    const cursor = this.#cursor;
    const strategy = this.#strategy;
    const walkCache = this.#walkCache;
    const { slot, path } = walkCache;
    const { effects } = table;
    const { startLevel, entriesPerTable } = table.geometry;
    for (let level = startLevel; level < LAST_LEVEL; level++) {
      effects.descriptorsRead(1, int32At(path, level));
      if (strategy.tablePre === undefined) continue;
      cursor.id = int32At(path, level);
      cursor.level = level;
      const rc = strategy.tablePre(cursor, this) ?? OK;
      // Beyond the table there is nothing to map: the range is one page.
      if (rc !== OK) return rc === SKIP_BELOW ? OK : rc;
      if (!walkCache.current) return this.#walkOn(level);
    }
    const entry = slot * entriesPerTable + index;
    effects.descriptorsRead(1, entry);
    if (this.#isFree(entry) && this.anchor === NO_ENTRY && strategy.leaf === undefined) {
      this.#leaves.fillPage(entry, slot, cursor.at, this.#leaves.physAddress);
    } else {
      this.#walk.entryAddress = cursor.at;
      const rc = this.leaves(entry, 1, LAST_LEVEL);
      if (rc !== OK) return rc;
    }
    for (let level = LAST_LEVEL - 1; strategy.tablePost !== undefined && level >= startLevel; level--) {
      cursor.id = int32At(path, level);
      cursor.level = level;
      const rc = strategy.tablePost(cursor, this) ?? OK;
      if (rc !== OK) return rc;
    }
    this.#isQuiet = !this.strategyActs;
    return OK;
  }

  /**
   * Goes on with the walk of one page below a table whose visitor changed tables. What the cache has forgotten is
   * still what was read, and a walk descends through what was read.
   */
  #walkOn(level: number): number {
    const table = this.#table;
    const walk = this.#walk;
    const address = this.#cursor.at;
    const path = this.#walkCache.path;
    const below = level + 1 === LAST_LEVEL ? this.#walkCache.slot : table.slotOf(int32At(path, level + 1));
    walk.address = address;
    let rc = walkTable(table, this, walk, below, level + 1);
    walk.entryAddress = address;
    for (let above = level; rc === OK && above >= table.geometry.startLevel; above--) {
      rc = this.tablePost(int32At(path, above), above);
    }
    return rc;
  }

  #visitLeaves(first: EntryId, count: number, level: number): number {
    const granule = this.#table.geometry.granuleBytes[level as Level];
    const address = this.#walk.entryAddress;
    for (let index = 0; index < count; index++) {
      const entry = this.#cursor.moveTo(first + index, address + index * granule, level);
      const rc = this.#strategy.leaf?.(entry, this) ?? OK;
      if (rc !== OK) return rc;
    }
    return OK;
  }

  /** Maps neighbouring entries of level 3. Those that are valid go the long way, runs of others are filled. */
  #mapPages(first: EntryId, count: number): number {
    const table = this.#table;
    const { pageSizeBytes } = table.geometry;
    const cursor = this.#cursor;
    const slot = table.slotOf(first);
    const begin = this.#walk.entryAddress;
    const end = first + count;
    for (let entry = first; entry < end;) {
      const address = begin + (entry - first) * pageSizeBytes;
      const free = this.#leaves.fillFree(entry, end, slot, address);
      if (free === 0) {
        const rc = this.#mapEntry(cursor.moveTo(entry, address, LAST_LEVEL));
        if (rc !== OK) return rc;
      }
      entry += free > 0 ? free : 1;
    }
    return OK;
  }
}
