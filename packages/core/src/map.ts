/** Mapping a range: the stock leaf handler, and the operations that a strategy's visitors act through. */
import type { LeafAttributes, Protection } from './descriptor.ts';
import { addressHigh, addressLow, leafAttributes, S2AP_READ, S2AP_WRITE, TYPE_TABLE, VALID, XN_HIGH } from './descriptor.ts';
import { EAGAIN, EINVAL, ENOMEM, OK } from './errno.ts';
import type { Ipa, Level, Pa } from './geometry.ts';
import { alignDown, LAST_LEVEL } from './geometry.ts';
import type { MemoryCache } from './memory-cache.ts';
import type { Stage2Table } from './stage2-table.ts';
import type { EntryId, MapOperation, Stage2Entry, Strategy, TableId } from './strategy.ts';
import { NO_ENTRY, NO_TABLE } from './strategy.ts';
import type { Visitor } from './walker.ts';
import { LEAF, TABLE_POST, TABLE_PRE, walk, walkBelow } from './walker.ts';

/** Bits that a permission-only change touches, by word. */
const PERMISSIONS_LOW = S2AP_READ | S2AP_WRITE;
const PERMISSIONS_HIGH = XN_HIGH;

/** The entry that a strategy's visitor sees. One is reused for a whole walk. */
class EntryCursor implements Stage2Entry {
  id: EntryId = NO_ENTRY;
  address: Ipa = 0;
  level = 0;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  get sizeBytes(): number {
    return this.#table.geometry.granuleBytes[this.level as Level];
  }

  get valid(): boolean {
    return (this.#table.low(this.id) & VALID) !== 0;
  }

  moveTo(id: EntryId, address: Ipa, level: number): this {
    this.id = id;
    this.address = address;
    this.level = level;
    return this;
  }
}

/** Maps ranges of one table with one strategy. */
export class Mapper implements MapOperation, Visitor {
  readonly flags = LEAF | TABLE_PRE | TABLE_POST;
  anchor: EntryId = NO_ENTRY;
  followed: TableId = NO_TABLE;
  /** Leaves that were installed since the mapper was made. An operation that leaves it as it was has changed nothing. */
  installedLeaves = 0;

  readonly #table: Stage2Table;
  readonly #strategy: Strategy;
  readonly #cursor: EntryCursor;
  readonly #cleans: boolean;
  #physAddress: Pa = 0;
  #end: Ipa = 0;
  #attributes: LeafAttributes = { low: 0, high: 0, cacheable: false };
  #cache: MemoryCache | null = null;

  constructor(table: Stage2Table, strategy: Strategy) {
    this.#table = table;
    this.#strategy = strategy;
    this.#cursor = new EntryCursor(table);
    this.#cleans = table.kernel.cleanSite === 'map-handler';
  }

  get physAddress(): Pa {
    return this.#physAddress;
  }

  /**
   * Maps `[address, address + sizeBytes)` to `[physAddress, …)` with the largest leaves that alignment allows.
   *
   * @param cache - where table pages come from; `null` is a caller that expects to need none
   * @returns 0; EINVAL for executable device memory; ERANGE; ENOMEM where the cache is empty; EAGAIN where an entry
   * already maps the same page and the kernel model filters permission changes. Entries before the failing one stay
   * mapped.
   */
  map(address: Ipa, sizeBytes: number, physAddress: Pa, protection: Protection, cache: MemoryCache | null): number {
    const attributes = leafAttributes(protection, this.#table.fwb);
    if (attributes === undefined) return EINVAL;
    const { pageSizeBytes } = this.#table.geometry;
    this.#attributes = attributes;
    this.#cache = cache;
    this.#physAddress = alignDown(physAddress, pageSizeBytes);
    this.anchor = NO_ENTRY;
    this.followed = NO_TABLE;
    return walk(this.#table, address, sizeBytes, this);
  }

  // Visitor: what the walker calls.

  tablePre(entry: EntryId, address: Ipa, end: Ipa, level: number): number {
    this.#end = end;
    const strategy = this.#strategy;
    if (strategy.tablePre === undefined) return OK;
    return strategy.tablePre(this.#cursor.moveTo(entry, address, level), this) ?? OK;
  }

  tablePost(entry: EntryId, address: Ipa, end: Ipa, level: number): number {
    this.#end = end;
    const strategy = this.#strategy;
    if (strategy.tablePost === undefined) return OK;
    return strategy.tablePost(this.#cursor.moveTo(entry, address, level), this) ?? OK;
  }

  leaves(first: EntryId, count: number, address: Ipa, end: Ipa, level: number): number {
    this.#end = end;
    if (this.#strategy.leaf !== undefined) return this.#visitLeaves(first, count, address, level);
    if (this.anchor !== NO_ENTRY) {
      this.#dropValid(first, count);
      return OK;
    }
    let at = address;
    for (let entry = first; entry < first + count; entry++) {
      const rc = this.#mapEntry(entry, at, level);
      if (rc !== OK) return rc;
      at += this.#table.geometry.granuleBytes[level as Level];
    }
    return OK;
  }

  // MapOperation: what a strategy calls.

  blockSupported(entry: Stage2Entry): boolean {
    return this.#leafSupported(entry.address, entry.level);
  }

  follow(entry: Stage2Entry): TableId {
    return this.#table.childOf(entry.id);
  }

  invalidate(entry: Stage2Entry): void {
    this.#table.invalidate(entry.id, entry.address, entry.level);
  }

  tlbiVmid(): void {
    this.#table.effects.tlbiVmid();
  }

  tlbiIpa(entry: Stage2Entry): void {
    this.#table.effects.tlbiIpa(entry.address, entry.level);
  }

  clean(entry: Stage2Entry): void {
    this.#clean(this.#table.geometry.granuleBytes[entry.level as Level]);
  }

  install(entry: Stage2Entry): void {
    this.#install(entry.id, entry.address, entry.level);
  }

  mapLeaf(entry: Stage2Entry): number {
    return this.#mapEntry(entry.id, entry.address, entry.level);
  }

  put(entry: Stage2Entry): void {
    this.#table.drop(this.#table.slotOf(entry.id), 1);
  }

  get(entry: Stage2Entry): void {
    this.#table.take(this.#table.slotOf(entry.id));
  }

  freeTable(table: TableId): void {
    this.#table.freeTable(table);
  }

  walkLeaves(table: TableId, visit: (leaf: Stage2Entry) => void): void {
    const cursor = new EntryCursor(this.#table);
    const granules = this.#table.geometry.granuleBytes;
    walkBelow(this.#table, table, {
      flags: LEAF,
      leaves: (first, count, address, _end, level) => {
        let at = address;
        for (let entry = first; entry < first + count; entry++) {
          visit(cursor.moveTo(entry, at, level));
          at += granules[level as Level];
        }
        return OK;
      },
      tablePre: () => OK,
      tablePost: () => OK,
    });
  }

  #visitLeaves(first: EntryId, count: number, address: Ipa, level: number): number {
    const granule = this.#table.geometry.granuleBytes[level as Level];
    for (let index = 0; index < count; index++) {
      const entry = this.#cursor.moveTo(first + index, address + index * granule, level);
      const rc = this.#strategy.leaf?.(entry, this) ?? OK;
      if (rc !== OK) return rc;
    }
    return OK;
  }

  /** Below an anchor: drops the references of the valid entries among `count`, which are one table page or less. */
  #dropValid(first: EntryId, count: number): void {
    const table = this.#table;
    const slot = table.slotOf(first);
    // A whole page is known by its count; entries one by one are read only where the range holds a part of it.
    const valid = count === table.geometry.entriesPerTable ? table.validCount(slot) : table.countValid(first, count);
    if (valid > 0) table.drop(slot, valid);
  }

  #leafSupported(address: Ipa, level: number): boolean {
    const { granuleBytes, leafAllowed } = this.#table.geometry;
    const granule = granuleBytes[level as Level];
    return (
      leafAllowed[level as Level] &&
      granule <= this.#end - address &&
      address % granule === 0 &&
      this.#physAddress % granule === 0
    );
  }

  #mapEntry(entry: EntryId, address: Ipa, level: number): number {
    if (level !== LAST_LEVEL && !this.#leafSupported(address, level)) return this.#installTable(entry, address, level);
    const table = this.#table;
    const slot = table.slotOf(entry);
    if ((table.low(entry) & VALID) !== 0) {
      const change = this.#changeOf(entry, level);
      if (change === 'none' || change === 'permissions') {
        if (table.kernel.filtersPermissionChanges) return EAGAIN;
      }
      table.drop(slot, 1);
      if (change === 'none') {
        this.#physAddress += table.geometry.granuleBytes[level as Level];
        table.take(slot);
        return OK;
      }
      table.invalidate(entry, address, level);
      table.effects.tlbiIpa(address, level);
    }
    if (this.#cleans) this.#clean(table.geometry.granuleBytes[level as Level]);
    this.#install(entry, address, level);
    table.take(slot);
    return OK;
  }

  /** How the leaf that would be installed differs from the valid one that stands. */
  #changeOf(entry: EntryId, level: number): 'none' | 'permissions' | 'mapping' {
    const table = this.#table;
    const { geometry } = table;
    const type = level === LAST_LEVEL ? TYPE_TABLE : 0;
    const low = addressLow(this.#physAddress, geometry) | this.#attributes.low | VALID | type;
    const high = addressHigh(this.#physAddress) | this.#attributes.high;
    const lowDiff = table.low(entry) ^ low;
    const highDiff = table.high(entry) ^ high;
    if (lowDiff === 0 && highDiff === 0) return 'none';
    return (lowDiff & ~PERMISSIONS_LOW) === 0 && (highDiff & ~PERMISSIONS_HIGH) === 0 ? 'permissions' : 'mapping';
  }

  #install(entry: EntryId, address: Ipa, level: number): void {
    const table = this.#table;
    const low = addressLow(this.#physAddress, table.geometry) | this.#attributes.low;
    this.installedLeaves++;
    table.installLeaf(entry, address, level, low, addressHigh(this.#physAddress) | this.#attributes.high);
    this.#physAddress += table.geometry.granuleBytes[level as Level];
  }

  #clean(sizeBytes: number): void {
    const table = this.#table;
    if (this.#attributes.cacheable && !table.fwb) table.effects.dcacheClean(this.#physAddress, sizeBytes);
  }

  #installTable(entry: EntryId, address: Ipa, level: number): number {
    const table = this.#table;
    if (this.#cache === null || !this.#cache.take()) return ENOMEM;
    const child = table.allocateChild(address, level);
    const slot = table.slotOf(entry);
    if ((table.low(entry) & VALID) !== 0) {
      // A block in the way: what it mapped beyond this range is left to later faults.
      table.invalidate(entry, address, level);
      table.effects.tlbiIpa(address, level);
      table.drop(slot, 1);
    }
    table.installTable(entry, address, level, child);
    table.take(slot);
    return OK;
  }
}
