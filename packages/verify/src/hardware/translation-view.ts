/**
 * What the walkers and TLBs of all CPUs may hold, kept as a set while a lock section runs.
 *
 * Hardware may walk and cache at any moment, for any address, on any CPU, and what one CPU may cache every other may
 * cache too. So the set of what *may* be cached is decided by the stores, barriers and TLBIs alone: an entry is in it
 * from the moment at which a walk could read it to the completion of a TLBI that covers it.
 */
import type { Geometry } from '@s2bench/core/stage2';
import { childSerial, TYPE_TABLE, VALID } from '@s2bench/core/stage2';
import { uint32At } from '@s2bench/core/stage2';
import type { MicroOp } from '../kernel/micro-op.ts';
import { PAGE_BYTES } from '../world.ts';
import type { Architecture, HardwareElement } from './architecture.ts';
import { STRICTEST } from './architecture.ts';
import type { CachedEntry } from './cached-entry.ts';
import { cachedEntry, keyOf, outputOf } from './cached-entry.ts';
import { coversEntry, endsWay, firstNamed, type NamedPages } from './tlbi.ts';

const LAST_LEVEL = 3;

/** A TLBI that is issued and not complete: by IPA, or of the whole VMID. */
type Tlbi = 'vmid' | NamedPages;
type Tlbis = readonly Tlbi[];
const NO_TLBI: Tlbis = [];
const WHOLE_VMID: Tlbis = ['vmid'];

/** A cached leaf and its fate. */
export interface MayBeCached {
  readonly entry: CachedEntry;
  /** A TLBI that covers it was issued, and no walk could have read it since. */
  marked: boolean;
  /** That TLBI was of the whole VMID, both stages. */
  markedWhole: boolean;
  /** A TLBI by IPA is complete: what is left of it is combined with stage 1. */
  combined: boolean;
  /** The operation that took it out of the table has returned. */
  stale: boolean;
  /** A walk that starts now can read it. */
  walkable: boolean;
}

/** What is true of an entry that a TLB has just been filled with. */
const FRESH = { marked: false, markedWhole: false, combined: false, stale: false, walkable: false };

/** A table page, as a walk sees it. */
export interface WalkedTable {
  readonly slot: number;
  readonly level: number;
  readonly base: number;
}

/** A guest range for which a walk that starts now can find nothing. */
export interface Hole {
  readonly page: number;
  readonly pages: number;
  readonly level: number;
}

/** A table page as a walk that is in it finds it. */
export interface ReadTable {
  readonly slot: number;
  readonly base: number;
  readonly spanBytes: number;
  readonly level: number;
  readonly entries: readonly CachedEntry[];
  /** By page of its range: the level of the leaf that a walk ends at; 0 where it finds none. */
  readonly leafLevels: readonly number[];
  /** Slots of table pages that its valid table descriptors lead to. */
  readonly children: readonly number[];
}

/** An entry as a walk comes to it. */
interface WalkedEntry {
  readonly ipa: number;
  readonly level: number;
  /** Reached from the root as the table stands now. */
  readonly linked: boolean;
  readonly tlbis: Tlbis;
}

interface Words {
  readonly low: number;
  readonly high: number;
}

/** What a view begins with. */
export interface ViewBegin {
  readonly words: Uint32Array;
  readonly tables: readonly (WalkedTable & { readonly serial: number })[];
  readonly rootSlots: readonly number[];
}

/** The may-be-cached set and the state of memory that it comes from. */
export class TranslationView {
  readonly cached = new Map<string, MayBeCached>();
  /** Table pages below the root that a walk in progress may hold a pointer to, and the TLBIs that end those walks. */
  readonly held = new Map<number, Tlbis>();
  holes: Hole[] = [];

  readonly #geometry: Geometry;
  readonly #arch: Architecture;
  readonly #rootSlots: readonly number[];
  readonly #tables = new Map<number, WalkedTable>();
  readonly #slotsBySerial = new Map<number, number>();
  #words: Uint32Array;
  /** Stores that a walker need not see yet, by entry, oldest first. */
  readonly #pending = new Map<number, Words[]>();

  constructor(geometry: Geometry, begin: ViewBegin, arch: Architecture = STRICTEST) {
    this.#geometry = geometry;
    this.#arch = arch;
    this.#rootSlots = begin.rootSlots;
    this.#words = begin.words.slice();
    for (const table of begin.tables) this.#addTable(table, table.serial);
    this.#walk();
  }

  /** Adds what earlier operations left behind. */
  addLeftovers(entries: readonly CachedEntry[], slots: readonly number[]): void {
    for (const entry of entries) {
      this.cached.set(keyOf(entry), { ...FRESH, entry, stale: true });
    }
    for (const slot of slots) this.held.set(slot, NO_TLBI);
    this.#walk();
  }

  /** Plays one micro-operation. */
  apply(op: MicroOp): void {
    switch (op.do) {
      case 'write': {
        if (this.#without('late-stores')) {
          this.#store(op.entry, op);
          break;
        }
        const values = this.#pending.get(op.entry);
        if (values === undefined) this.#pending.set(op.entry, [{ low: op.low, high: op.high }]);
        else values.push({ low: op.low, high: op.high });
        break;
      }
      case 'barrier':
        this.#commit();
        if (op.kind === 'ish') this.#completeInvalidations();
        break;
      case 'tlbi-vmid':
        for (const item of this.cached.values()) item.marked = item.markedWhole = true;
        for (const slot of this.held.keys()) this.held.set(slot, WHOLE_VMID);
        break;
      case 'tlbi-ipa':
        this.#markPages({ page: Math.floor(op.ipa / PAGE_BYTES), pages: op.pages, level: op.level });
        break;
      case 'tlbi-stage1':
        for (const item of this.cached.values()) if (item.combined) item.marked = item.markedWhole = true;
        break;
      case 'alloc':
        this.#clear(op.slot);
        this.#addTable(op, op.serial);
        break;
      case 'free':
        this.#tables.delete(op.slot);
        this.held.delete(op.slot);
        break;
      case 'clean':
      case 'discard':
      case 'icache':
        return;
    }
    this.#walk();
  }

  /** The operation returns: its stores have reached everyone, and what they took away is stale from now on. */
  returned(): void {
    this.#commit();
    this.#walk();
    for (const item of this.cached.values()) item.stale = !item.walkable;
  }

  /** Two entries that hardware must never hold together: they overlap and differ in size or output address. */
  conflict(): readonly [CachedEntry, CachedEntry] | undefined {
    const entries = [...this.cached.values()].map((item) => item.entry);
    for (let i = 0; i < entries.length; i++) {
      for (let j = i + 1; j < entries.length; j++) {
        const [a, b] = [entries[i], entries[j]];
        if (a !== undefined && b !== undefined && conflicts(a, b, this.#arch.bbm)) return [a, b];
      }
    }
    return undefined;
  }

  /** What a walk that is in each table page can read there now. */
  readTables(): ReadTable[] {
    return [...this.#tables.values()].map((table) => this.#read(table));
  }

  #read({ slot, level, base }: WalkedTable): ReadTable {
    const entries: CachedEntry[] = [];
    const children: number[] = [];
    const granule = this.#geometry.granuleBytes[level as 0 | 1 | 2 | 3];
    for (let index = 0; index < this.#geometry.entriesPerTable; index++) {
      const entry = slot * this.#geometry.entriesPerTable + index;
      const stored = { low: this.#wordAt(2 * entry), high: this.#wordAt(2 * entry + 1) };
      for (const { low, high } of [stored, ...(this.#pending.get(entry) ?? [])]) {
        if ((low & VALID) === 0) continue;
        if (level < LAST_LEVEL && (low & TYPE_TABLE) !== 0) {
          const child = this.#slotsBySerial.get(childSerial(low, high, this.#geometry));
          if (child !== undefined) children.push(child);
        } else {
          const leaf = cachedEntry(low, high, base + index * granule, level, this.#geometry);
          if (leaf !== undefined) entries.push(leaf);
        }
      }
    }
    const spanBytes = granule * this.#geometry.entriesPerTable;
    const leafLevels = Array.from({ length: spanBytes / PAGE_BYTES }, (_, page) =>
      this.#leafLevel(slot, base + page * PAGE_BYTES),
    );
    return { slot, base, spanBytes, level, entries, leafLevels, children };
  }

  /** Stores that may not be visible yet are visible to everyone. */
  #commit(): void {
    for (const [entry, values] of this.#pending) {
      const last = values[values.length - 1];
      if (last === undefined) continue;
      this.#store(entry, last);
    }
    this.#pending.clear();
  }

  #store(entry: number, { low, high }: Words): void {
    this.#ensure(entry);
    this.#words[2 * entry] = low;
    this.#words[2 * entry + 1] = high;
  }

  #without(element: HardwareElement): boolean {
    return this.#arch.without?.includes(element) === true;
  }

  #completeInvalidations(): void {
    for (const [key, item] of this.cached) {
      if (!item.marked) continue;
      if (item.markedWhole || !this.#arch.combined) this.cached.delete(key);
      else {
        item.combined = true;
        item.marked = false;
      }
    }
    for (const [slot, tlbis] of this.held) if (tlbis.length > 0) this.held.delete(slot);
  }

  /**
   * By IPA: leaves that translate it, of the level that was named, and the table pointers on the way to it; of these
   * only those that lead to a leaf of that level, where the hint is taken at its word.
   */
  #markPages(named: NamedPages): void {
    for (const item of this.cached.values()) {
      if (coversEntry(item.entry, named)) item.marked = true;
    }
    for (const [slot, tlbis] of this.held) {
      const table = this.#tables.get(slot);
      if (table === undefined) continue;
      const from = firstNamed(named, table.base / PAGE_BYTES, this.#span(table) / PAGE_BYTES);
      if (from === undefined) continue;
      if (this.#arch.ttl === 'lenient' || endsWay(named.level, table.level, this.#leafLevel(slot, from * PAGE_BYTES)))
        this.held.set(slot, [...tlbis, named]);
    }
  }

  /** The level of the leaf that a walk from a table page on ends at; 0 where there is none. */
  #leafLevel(slot: number, ipa: number): number {
    const table = this.#tables.get(slot);
    if (table === undefined) return 0;
    const granule = this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3];
    const entry = slot * this.#geometry.entriesPerTable + Math.floor((ipa - table.base) / granule);
    const low = this.#wordAt(2 * entry);
    if ((low & VALID) === 0) return 0;
    if (table.level === LAST_LEVEL || (low & TYPE_TABLE) === 0) return table.level;
    const child = this.#slotsBySerial.get(childSerial(low, this.#wordAt(2 * entry + 1), this.#geometry));
    return child === undefined ? 0 : this.#leafLevel(child, ipa);
  }

  /** Adds whatever a walk can reach now: from the root, and on from table pointers that a walk may hold. */
  #walk(): void {
    for (const item of this.cached.values()) item.walkable = false;
    this.holes = [];
    for (const slot of this.#rootSlots) this.#walkTable(slot, true, NO_TLBI);
    for (const [slot, tlbis] of [...this.held]) this.#walkTable(slot, false, tlbis);
  }

  /** @param tlbis - that end the walk which got here */
  #walkTable(slot: number, linked: boolean, tlbis: Tlbis): void {
    const table = this.#tables.get(slot);
    if (table === undefined) return;
    const granule = this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3];
    for (let index = 0; index < this.#geometry.entriesPerTable; index++) {
      const at = { ipa: table.base + index * granule, level: table.level, linked, tlbis };
      const entry = slot * this.#geometry.entriesPerTable + index;
      this.#walkValue(this.#wordAt(2 * entry), this.#wordAt(2 * entry + 1), at);
      for (const value of this.#pending.get(entry) ?? []) this.#walkValue(value.low, value.high, at);
    }
  }

  #walkValue(low: number, high: number, at: WalkedEntry): void {
    const { ipa, level, linked, tlbis } = at;
    if ((low & VALID) !== 0 && level < LAST_LEVEL && (low & TYPE_TABLE) !== 0) {
      const child = this.#slotsBySerial.get(childSerial(low, high, this.#geometry));
      if (child === undefined || !this.#tables.has(child)) return;
      if (!this.#without('held-pointers') && (linked || !this.held.has(child))) this.held.set(child, tlbis);
      this.#walkTable(child, linked, tlbis);
      return;
    }
    const entry = (low & VALID) === 0 ? undefined : cachedEntry(low, high, ipa, level, this.#geometry);
    if (entry !== undefined) this.#cache(entry, linked, tlbis);
    else if (linked) {
      const pages = this.#geometry.granuleBytes[level as 0 | 1 | 2 | 3] / PAGE_BYTES;
      this.holes.push({ page: ipa / PAGE_BYTES, pages, level });
    }
  }

  /** What a walk caches that a TLBI ends goes with it, if the TLBI covers it. */
  #cache(entry: CachedEntry, linked: boolean, tlbis: Tlbis): void {
    const key = keyOf(entry);
    const markedWhole = tlbis.includes('vmid');
    const marked = markedWhole || tlbis.some((tlbi) => tlbi !== 'vmid' && coversEntry(entry, tlbi));
    const item = this.cached.get(key);
    if (item === undefined) this.cached.set(key, { ...FRESH, entry, marked, markedWhole, walkable: linked });
    else {
      item.marked &&= marked;
      item.markedWhole &&= markedWhole;
      if (!marked) item.combined = false;
      if (linked) {
        item.walkable = true;
        item.stale = false;
      }
    }
  }

  #addTable({ slot, level, base }: WalkedTable, serial: number): void {
    this.#tables.set(slot, { slot, level, base });
    this.#slotsBySerial.set(serial, slot);
  }

  /** A page that was just allocated is zero; its pointer is stored with release, so that no walker sees less. */
  #clear(slot: number): void {
    const first = slot * this.#geometry.entriesPerTable;
    for (let entry = first; entry < first + this.#geometry.entriesPerTable; entry++) {
      this.#pending.delete(entry);
      this.#ensure(entry);
      this.#words[2 * entry] = 0;
      this.#words[2 * entry + 1] = 0;
    }
  }

  #span(table: WalkedTable): number {
    return this.#geometry.granuleBytes[table.level as 0 | 1 | 2 | 3] * this.#geometry.entriesPerTable;
  }

  #wordAt(index: number): number {
    return index < this.#words.length ? uint32At(this.#words, index) : 0;
  }

  #ensure(entry: number): void {
    if (2 * entry + 1 < this.#words.length) return;
    const words = new Uint32Array(2 * entry + 2);
    words.set(this.#words);
    this.#words = words;
  }
}

/**
 * Whether hardware must never hold two entries together: they translate a page and differ in size or output address.
 * Size alone may differ with FEAT_BBM level 2; with level 1 where nT is set, which nobody here can do (Arm ARM DDI 0487, D8.16.2 "Support levels for changing table or block size").
 */
export function conflicts(a: CachedEntry, b: CachedEntry, bbm: Architecture['bbm'] = 0): boolean {
  const from = Math.max(a.page, b.page);
  if (from >= Math.min(a.page + a.pages, b.page + b.pages)) return false;
  if (outputOf(a, from) !== outputOf(b, from)) return true;
  return a.level !== b.level && bbm < 2;
}
