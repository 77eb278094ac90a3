/** One chunk of a hook: what it acts through, under mmu_lock held alone. */
import type {
  EntryPlace,
  LogBlock,
  LogLeaf,
  LogOperation,
  LogVisitor,
  Stage2Entry,
  TableId,
  TablePage,
} from '@s2bench/core';
import { LEVEL_UNKNOWN } from '@s2bench/core';
import type { Ipa, Level, Pa, Stage2Table } from '@s2bench/core/stage2';
import { addressHigh, addressLow, isCacheable, LAST_LEVEL, leafAttributes, outputAddress } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import type { Memslot } from '../memslot.ts';
import { flushRange } from '../flush-range.ts';
import { EntryCursor } from '../v5/entry-cursor.ts';
import { LeafVisitor } from '../v5/leaf-visitor.ts';
import { freeTables, walkTables } from '../v5/table-pages.ts';
import { setRange, walkBelow, walkRange, WalkState } from '../v5/walker.ts';
import { Splitter } from '../v6/split.ts';
import { V6Walk } from '../v6/walker.ts';
import { LogWalk } from './log-walk.ts';

/** Descriptors of the host's own page table that a look at the size of its mapping reads: its levels. */
const HOST_LEVELS = 4;

/** A leaf as a hook sees it. */
class LogLeafCursor extends EntryCursor implements LogLeaf {
  readonly #stage2: Stage2Table;

  constructor(table: Stage2Table) {
    super(table);
    this.#stage2 = table;
    Object.preventExtensions(this);
  }

  get cacheable(): boolean {
    return isCacheable(this.#stage2.low(this.id), this.#stage2.fwb);
  }
}

/** What a chunk works on. */
export interface LogRangeOptions {
  readonly table: Stage2Table;
  readonly kernel: KernelModel;
  readonly slot: Memslot;
  readonly address: Ipa;
  readonly sizeBytes: number;
  readonly splitCache: MemoryCache;
}

/** A range of a slot whose logging changes. */
export class LogRange implements LogOperation {
  readonly address: Ipa;
  readonly sizeBytes: number;
  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;
  readonly #slot: Memslot;
  readonly #splitCache: MemoryCache;

  constructor({ table, kernel, slot, address, sizeBytes, splitCache }: LogRangeOptions) {
    this.address = address;
    this.sizeBytes = sizeBytes;
    this.#table = table;
    this.#kernel = kernel;
    this.#slot = slot;
    this.#splitCache = splitCache;
    // A strategy has no memory of its own, here neither.
    Object.preventExtensions(this);
  }

  get needsClean(): boolean {
    return !this.#table.fwb;
  }

  walk(visitor: LogVisitor): number {
    const state = new WalkState();
    const { address, sizeBytes } = this;
    setRange(state, this.#table.geometry, address, sizeBytes);
    return walkRange(this.#table, new LogWalk(this.#table, visitor, address, address + sizeBytes), state);
  }

  mayBeBlock({ address, level, sizeBytes }: Stage2Entry): boolean {
    return (
      level !== LAST_LEVEL &&
      this.#table.geometry.leafAllowed[level as Level] &&
      this.#slot.supportsBlock(address, sizeBytes)
    );
  }

  hostBlock(entry: Stage2Entry): boolean {
    if (!this.mayBeBlock(entry)) return false;
    const { backing } = this.#slot;
    this.#table.effects.descriptorsRead(HOST_LEVELS, -1);
    return backing.blockBytes >= entry.sizeBytes && backing.isBlock(this.#slot.backingOffsetOf(entry.address));
  }

  childOf({ id }: Stage2Entry): TableId {
    return this.#table.childOf(id);
  }

  walkLeaves(table: TableId, visit: (leaf: LogLeaf) => void): void {
    walkBelow(this.#table, table, new LeafVisitor(this.#table, visit, new LogLeafCursor(this.#table)));
  }

  walkTables(table: TableId, visit: (page: TablePage) => void): void {
    walkTables(this.#table, table, visit);
  }

  invalidate({ id, address, level }: Stage2Entry): void {
    this.#table.invalidate(id, address, level);
  }

  tlbiVmid(): void {
    this.#table.effects.tlbiVmid();
  }

  tlbiIpa({ address, level: own }: Stage2Entry, level: number = own): void {
    if (!Number.isInteger(level) || level < LEVEL_UNKNOWN || level > LAST_LEVEL)
      throw new RangeError(`tlbiIpa: level ${level}: must be 0 (LEVEL_UNKNOWN) to ${LAST_LEVEL}`);
    this.#table.effects.tlbiIpa(address, level);
  }

  tlbiRange(address: Ipa, sizeBytes: number): void {
    flushRange(this.#table, this.#kernel.rangeTlbi, address, sizeBytes);
  }

  clean({ id, level }: LogLeaf): void {
    const table = this.#table;
    if (table.fwb) return;
    const phys: Pa = outputAddress(table.low(id), table.high(id), table.geometry);
    table.effects.dcacheClean(phys, table.geometry.granuleBytes[level as Level]);
  }

  install({ id, address, level }: EntryPlace, { outputAddress: phys, writable, executable }: LogBlock): void {
    const { geometry, fwb } = this.#table;
    const attributes = leafAttributes({ read: true, write: writable, execute: executable, device: false }, fwb);
    if (attributes === undefined) throw new Error('normal memory may be executable');
    const low = addressLow(phys, geometry) | attributes.low;
    this.#table.installLeaf(id, address, level, low, addressHigh(phys) | attributes.high);
  }

  put({ id }: EntryPlace): void {
    this.#table.drop(this.#table.slotOf(id), 1);
  }

  freeBelow(table: TableId): void {
    freeTables(this.#table, table);
  }

  split(): number {
    if (this.#kernel.walker !== 'v6') throw new Error(`kernel ${this.#kernel.name} cannot split: its walker is v5`);
    return new V6Walk(this.#table).run(this.address, this.sizeBytes, new Splitter(this.#table, this.#splitCache));
  }
}
