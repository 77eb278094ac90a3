/** One guest's stage-2 table: its geometry, its pages, and the primitive writes that every operation is made of. */
import { TableArena } from './arena.ts';
import type { LeafAttributes } from './descriptor.ts';
import { addressHigh, addressLow, childSerial, isTable, LOCKED, tableHigh, tableLow } from './descriptor.ts';
import { TYPE_TABLE, VALID } from './descriptor.ts';
import type { EffectSink } from './effects.ts';
import type { Geometry, Ipa, Level, Pa } from './geometry.ts';
import { alignDown, LAST_LEVEL } from './geometry.ts';
import { int32At, uint32At } from './typed-array.ts';
import { WalkCache } from './walk-cache.ts';

/** The words of a descriptor. */
export interface LeafWords {
  readonly low: number;
  readonly high: number;
}

/** What a stage-2 table is made for. */
export interface Stage2Options {
  readonly geometry: Geometry;
  /** FEAT_S2FWB: the guest's accesses are coherent with the host's caches, so nothing is cleaned. */
  readonly fwb: boolean;
  /** {@link Stage2Table.alignsWalks}; left out: no. */
  readonly alignsWalks?: boolean;
  /** {@link Stage2Table.clearsEntries}; left out: no. */
  readonly clearsEntries?: boolean;
  /** FEAT_TLBIRANGE; left out: no. */
  readonly tlbRange?: boolean;
  readonly effects: EffectSink;
}

/** Who keeps the stores of sections that share a lock apart in time. */
export interface StoreJournal {
  /** The words of an entry are about to be written. They still stand as they were. */
  storing(entry: number): void;
  /** Whether another section changes the entry before this one could: an exchange of it fails. */
  isTaken(entry: number): boolean;
}

/**
 * A stage-2 table. Entries are named by their index in the arena (see {@link TableArena}).
 *
 * The primitives keep the valid-entry counts and emit effects; reference counts are the business of the operations,
 * which take and drop them where the kernel does.
 */
export class Stage2Table {
  readonly geometry: Geometry;
  readonly fwb: boolean;
  /** Software walks go on at an entry's end, wherever they came in. Without that they go a whole entry on from there. */
  readonly alignsWalks: boolean;
  /** An entry that is invalidated becomes 0. Without that only its valid bit goes, and what it said stays readable. */
  readonly clearsEntries: boolean;
  /** FEAT_TLBIRANGE: whoever knows ranges may invalidate by range. */
  readonly tlbRange: boolean;
  readonly arena: TableArena;
  /** Of translations. Whoever walks with effects has its own, since a consumer of effects may translate meanwhile. */
  readonly walkCache: WalkCache;
  /** Changes whenever a table page may have gone out of the tree, or a table entry was overwritten. */
  structureVersion = 0;
  /** What the entry above level 3 held that was taken away last: where it becomes 0, or is locked, nothing else knows. */
  goneLow = 0;
  goneHigh = 0;
  /**
   * Entries that are not valid may say who owns their memory, and are counted: only op scripts make such. While there are
   * none, the valid entries are all that is counted.
   */
  hasOwners = false;
  /** Told of stores that a section under the shared lock makes; set while one runs whose stores have dates of their own. */
  journal: StoreJournal | undefined = undefined;
  /** Consumer of the effects. May be exchanged between operations, not inside of one. */
  effects: EffectSink;

  constructor(options: Stage2Options) {
    this.geometry = options.geometry;
    this.fwb = options.fwb;
    this.alignsWalks = options.alignsWalks ?? false;
    this.clearsEntries = options.clearsEntries ?? false;
    this.tlbRange = options.tlbRange ?? false;
    this.effects = options.effects;
    this.arena = new TableArena(options.geometry);
    this.walkCache = new WalkCache(this);
    for (let page = 0; page < this.geometry.rootPages; page++) {
      this.arena.allocate(this.geometry.startLevel, page * this.geometry.rootPageSpanBytes);
    }
  }

  /**
   * Whether neighbouring entries of level 3 may be read and stored in the arena itself, past the methods: none of them can have
   * an owner, and nobody is told of single stores.
   */
  get isBare(): boolean {
    return !this.hasOwners && this.journal === undefined;
  }

  /** Takes over the contents of another table of the same geometry. */
  copyFrom(other: Stage2Table): void {
    this.hasOwners = other.hasOwners;
    this.arena.copyFrom(other.arena);
    this.structureVersion++;
  }

  /** Low word of an entry's descriptor. Bit 31 may make it negative: use it with bit operators. */
  low(entry: number): number {
    return uint32At(this.arena.words, 2 * entry) | 0;
  }

  /** High word of an entry's descriptor. */
  high(entry: number): number {
    return uint32At(this.arena.words, 2 * entry + 1);
  }

  /** The slot of the table page that holds an entry. */
  slotOf(entry: number): number {
    return entry >>> this.arena.entryBits;
  }

  /** Whether an entry is a valid table. A level-3 entry never is. */
  pointsToTable(entry: number, level: number): boolean {
    return level < LAST_LEVEL && isTable(this.low(entry));
  }

  /** The slot that a table descriptor points to, also when its valid bit is cleared. */
  childOf(entry: number): number {
    return this.childIn(this.low(entry), this.high(entry));
  }

  /** The slot that the words of a table descriptor point to. */
  childIn(low: number, high: number): number {
    return this.arena.slotOfSerial(childSerial(low, high, this.geometry));
  }

  /** Takes a valid entry away: clears bit 0 and leaves the rest, as v5.11 does, or all of it, as v5.14 does. */
  invalidate(entry: number, address: Ipa, level: number): void {
    if (level !== LAST_LEVEL) this.#structureGoes(entry);
    if (this.clearsEntries) this.store(entry, 0, 0);
    else this.storeLow(entry, this.low(entry) & ~VALID);
    this.#count(this.slotOf(entry), -1);
    this.effects.entryInvalidated(entry, address, level);
  }

  /** What a valid entry above level 3 holds is about to go. */
  #structureGoes(entry: number): void {
    this.goneLow = this.low(entry);
    this.goneHigh = this.high(entry);
    this.structureVersion++;
  }

  /** Makes an entry invalid and locked (KVM_INVALID_PTE_LOCKED), whatever stands there. */
  lock(entry: number, address: Ipa, level: number): void {
    const wasValid = (this.low(entry) & VALID) !== 0;
    if (wasValid && level !== LAST_LEVEL) this.#structureGoes(entry);
    this.store(entry, LOCKED, 0);
    if (!wasValid) {
      this.effects.entryLocked(entry, address, level);
      return;
    }
    this.#count(this.slotOf(entry), -1);
    this.effects.entryInvalidated(entry, address, level);
  }

  /**
   * As {@link lock}, by one exchange with what was read of the entry.
   *
   * @returns whether that still stood there; else nothing has changed
   */
  tryLock(entry: number, old: LeafWords, address: Ipa, level: number): boolean {
    if (this.low(entry) !== old.low || this.high(entry) !== old.high) return false;
    this.lock(entry, address, level);
    return true;
  }

  /**
   * Changes attributes of a valid leaf by one exchange with what was read of it.
   *
   * @returns whether that still stood there; else nothing has changed
   */
  tryChange(entry: number, old: LeafWords, changed: LeafWords, address: Ipa, level: number): boolean {
    if (this.low(entry) !== old.low || this.high(entry) !== old.high) return false;
    this.store(entry, changed.low, changed.high);
    this.effects.leavesChanged(entry, address, level, 1);
    return true;
  }

  /** Stores a valid leaf. With FEAT_BBM level 2 that may be over another valid entry, which was never invalid. */
  installLeaf(entry: number, address: Ipa, level: number, low: number, high: number): void {
    if ((this.low(entry) & VALID) !== 0) {
      if (level !== LAST_LEVEL) this.#structureGoes(entry);
      this.#count(this.slotOf(entry), -1);
    }
    this.store(entry, low | VALID | (level === LAST_LEVEL ? TYPE_TABLE : 0), high);
    this.leafStored(entry, this.slotOf(entry), address, level);
  }

  /** Counts and announces a valid leaf whose words were just stored: for loops over neighbours in one slot. */
  leafStored(entry: number, slot: number, address: Ipa, level: number): void {
    this.#count(slot, 1);
    this.effects.leafInstalled(entry, address, level);
  }

  /** Stores a table descriptor where no valid entry stood. `child` is a slot. */
  installTable(entry: number, address: Ipa, level: number, child: number): void {
    const serial = this.arena.serialOf(child);
    this.store(entry, tableLow(serial, this.geometry), tableHigh(serial, this.geometry));
    this.#count(this.slotOf(entry), 1);
    this.effects.tableInstalled(entry, address, level);
  }

  /** Stores `count` neighbouring leaves of a page that no walk can reach yet, each an entry's size further on. */
  buildLeaves(first: number, count: number, address: Ipa, level: number, attributes: LeafAttributes, phys: Pa): void {
    const { words } = this.arena;
    const granule = this.geometry.granuleBytes[level as Level];
    const type = VALID | (level === LAST_LEVEL ? TYPE_TABLE : 0);
    let at = phys;
    for (let entry = first; entry < first + count; entry++) {
      words[2 * entry] = addressLow(at, this.geometry) | attributes.low | type;
      words[2 * entry + 1] = addressHigh(at) | attributes.high;
      at += granule;
    }
    this.#count(this.slotOf(first), count);
    this.effects.entriesBuilt(first, address, level, count);
  }

  /** Stores a table descriptor in a page that no walk can reach yet. `child` is a slot. */
  buildTable(entry: number, address: Ipa, level: number, child: number): void {
    const serial = this.arena.serialOf(child);
    this.store(entry, tableLow(serial, this.geometry), tableHigh(serial, this.geometry));
    this.#count(this.slotOf(entry), 1);
    this.effects.entriesBuilt(entry, address, level, 1);
  }

  /** Allocates a table page for what an entry of `level` at `address` covers, and gives its slot. */
  allocateChild(address: Ipa, level: number): number {
    const granule = this.geometry.granuleBytes[level as 0 | 1 | 2 | 3];
    const child = this.arena.allocate(level + 1, alignDown(address, granule));
    this.effects.tableAllocated(this.arena.serialOf(child));
    return child;
  }

  /** Frees a table page: drops the reference that is its own, whatever others there are. */
  freeTable(slot: number): void {
    const serial = this.arena.serialOf(slot);
    this.drop(slot, 1);
    this.arena.free(slot);
    this.structureVersion++;
    this.effects.tableFreed(serial);
  }

  /** get_page() on the table page that holds an entry. */
  take(slot: number): void {
    const { refcounts } = this.arena;
    refcounts[slot] = int32At(refcounts, slot) + 1;
    this.effects.referencesTaken(1);
  }

  /** `count` times get_page() on a table page. */
  takeMany(slot: number, count: number): void {
    const { refcounts } = this.arena;
    refcounts[slot] = int32At(refcounts, slot) + count;
    this.effects.referencesTaken(count);
  }

  /** `count` times put_page() on a table page. */
  drop(slot: number, count: number): void {
    const { refcounts } = this.arena;
    refcounts[slot] = int32At(refcounts, slot) - count;
    this.effects.referencesDropped(count);
  }

  /** References on a table page: its own, and one for each entry that one is held for. */
  references(slot: number): number {
    return int32At(this.arena.refcounts, slot);
  }

  /** Valid entries of a table page, from its count. */
  validCount(slot: number): number {
    return int32At(this.arena.validCounts, slot);
  }

  /** Valid entries among `count` neighbours, read one by one. */
  countValid(first: number, count: number): number {
    const { words } = this.arena;
    let valid = 0;
    for (let entry = first; entry < first + count; entry++) valid += uint32At(words, 2 * entry) & VALID;
    return valid;
  }

  /** Entries among `count` neighbours that a reference is held for: those that are valid, and those that have an owner. */
  countCounted(first: number, count: number): number {
    if (!this.hasOwners) return this.countValid(first, count);
    const { words } = this.arena;
    let counted = 0;
    for (let entry = first; entry < first + count; entry++)
      if ((uint32At(words, 2 * entry) | uint32At(words, 2 * entry + 1)) !== 0) counted++;
    return counted;
  }

  /** Whether an entry that is not valid says who owns its memory. */
  isOwned(entry: number): boolean {
    return this.hasOwners && (this.low(entry) & VALID) === 0 && (this.low(entry) | this.high(entry)) !== 0;
  }

  /** Stores both words of an entry. What that means for counts and effects is the caller's business. */
  store(entry: number, low: number, high: number): void {
    const { words } = this.arena;
    this.journal?.storing(entry);
    words[2 * entry] = low;
    words[2 * entry + 1] = high;
  }

  /** As {@link store}, of the low word; the high word stays. */
  storeLow(entry: number, low: number): void {
    this.journal?.storing(entry);
    this.arena.words[2 * entry] = low;
  }

  /** Whether a table page holds no valid entry, by its reference count. */
  isEmpty(slot: number): boolean {
    return this.references(slot) === 1;
  }

  /**
   * Puts words in the place of an entry's, whatever stands there, and counts what that changes. No effect is emitted: for
   * whoever replays stores that have been announced.
   */
  restore(entry: number, low: number, high: number): void {
    const { words } = this.arena;
    const slot = this.slotOf(entry);
    const valid = (low & VALID) - (this.low(entry) & VALID);
    words[2 * entry] = low;
    words[2 * entry + 1] = high;
    if (valid !== 0) this.#count(slot, valid);
    if (this.arena.levelOf(slot) !== LAST_LEVEL) this.structureVersion++;
  }

  #count(slot: number, by: number): void {
    const { validCounts } = this.arena;
    validCounts[slot] = int32At(validCounts, slot) + by;
  }
}
