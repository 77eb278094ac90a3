/** Mapping a range as from v6.2 on, and the operations that a strategy's visitors act through. */
import type {
  EntryId,
  Stage2Entry,
  Strategy,
  TableId,
  TablePage,
  V6Entry,
  V6MapOperation,
  V6Visitors,
} from '@s2bench/core';
import { E2BIG, EAGAIN, EINVAL, ENOMEM, LEVEL_UNKNOWN, NO_TABLE, OK } from '@s2bench/core';
import type { Ipa, LeafAttributes, Level, Pa, Protection, Stage2Table } from '@s2bench/core/stage2';
import { addressHigh, addressLow, alignDown, isAligned, LAST_LEVEL, leafAttributes } from '@s2bench/core/stage2';
import { TYPE_TABLE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import { ANNOTATION_PA, type Annotation } from '../owners.ts';
import type { WalkFlags } from '../page-table-code.ts';
import { leafChange } from '../v5/leaf-change.ts';
import { LeafVisitor } from '../v5/leaf-visitor.ts';
import { walkTables } from '../v5/table-pages.ts';
import { walkBelow } from '../v5/walker.ts';
import { EntryCursor } from '../v5/entry-cursor.ts';
import { V6EntryCursor } from './entry-cursor.ts';
import { flushRange } from '../flush-range.ts';
import type { UnlinkedTables } from './unlinked.ts';
import type { V6Visitor, WalkRules } from './walker.ts';
import { V6Walk } from './walker.ts';

const NO_ATTRIBUTES: LeafAttributes = { low: 0, high: 0, cacheable: false };

/** Maps ranges of one table with one strategy. */
export class V6Mapper implements V6MapOperation, V6Visitor {
  /** Leaves that were installed since the mapper was made. */
  installedLeaves = 0;

  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;
  readonly #visitors: V6Visitors;
  readonly #unlinked: UnlinkedTables;
  readonly #walk: V6Walk;
  readonly #cursor: V6EntryCursor;
  /** Where the range begins, and the host memory there: what an entry maps follows from its own address. */
  #beginIpa: Ipa = 0;
  #beginPhys: Pa = 0;
  #attributes = NO_ATTRIBUTES;
  #cleanable = false;
  #executable = false;
  #annotation: Annotation | undefined;
  #pagesOnly = false;
  /** Others may change entries meanwhile, so that what is stored has to be exchanged. */
  #shared = false;
  #cache: MemoryCache | null = null;

  constructor(table: Stage2Table, kernel: KernelModel, strategy: Strategy, unlinked: UnlinkedTables) {
    this.#table = table;
    this.#kernel = kernel;
    this.#visitors = strategy.v6 ?? {};
    this.#unlinked = unlinked;
    this.#walk = new V6Walk(table);
    this.#cursor = new V6EntryCursor(table, this.#walk.old);
    // A strategy has no memory of its own, here neither.
    Object.preventExtensions(this);
  }

  /**
   * Maps `[address, address + sizeBytes)` to `[physAddress, …)` with the largest leaves that alignment allows.
   *
   * @param cache - where table pages come from; `null` is a caller that expects to need none
   * @returns 0; EINVAL for executable device memory; ERANGE; ENOMEM where the cache is empty; EAGAIN where nothing but
   * permissions would change, or another vCPU has won an entry. Entries before the failing one stay mapped.
   */
  map(
    address: Ipa,
    sizeBytes: number,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    flags: WalkFlags,
  ): number {
    const attributes = leafAttributes(protection, this.#table.fwb);
    if (attributes === undefined) return EINVAL;
    this.#attributes = attributes;
    this.#cleanable = attributes.cacheable && !this.#table.fwb && flags.cleaned !== true;
    this.#executable = (attributes.high & XN_HIGH) === 0;
    this.#annotation = undefined;
    this.#pagesOnly = flags.pagesOnly;
    this.#shared = flags.shared;
    const rules = this.#rules(this.#kernel.ignoresAgain && !flags.fault);
    return this.#run(address, sizeBytes, physAddress, cache, rules);
  }

  /** Stores annotations in the place of leaves: who owns the memory of a range that is not mapped. */
  annotate(address: Ipa, sizeBytes: number, annotation: Annotation, cache: MemoryCache | null): number {
    this.#attributes = NO_ATTRIBUTES;
    this.#cleanable = false;
    this.#executable = annotation.looksExecutable;
    this.#annotation = annotation;
    this.#pagesOnly = annotation.pagesOnly;
    this.#shared = false;
    this.#table.hasOwners = true;
    return this.#run(address, sizeBytes, ANNOTATION_PA, cache, this.#rules(this.#kernel.ignoresAgain));
  }

  #rules(goesOnAfterAgain: boolean): WalkRules {
    return { rereadsTables: this.#kernel.rereadsTables, goesOnAfterAgain };
  }

  #run(address: Ipa, sizeBytes: number, phys: Pa, cache: MemoryCache | null, rules: WalkRules): number {
    const { pageSizeBytes } = this.#table.geometry;
    this.#beginIpa = alignDown(address, pageSizeBytes);
    this.#beginPhys = alignDown(phys, pageSizeBytes);
    this.#cache = cache;
    return this.#walk.run(address, sizeBytes, this, rules);
  }

  // V6Visitor: what the walker calls.

  tablePre(entry: EntryId, level: number): number {
    return this.#visitors.tablePre?.(this.#at(entry, level), this) ?? OK;
  }

  leaf(entry: EntryId, level: number): number {
    const at = this.#at(entry, level);
    return this.#visitors.leaf === undefined ? this.mapLeaf(at) : (this.#visitors.leaf(at, this) ?? OK);
  }

  #at(entry: EntryId, level: number): V6EntryCursor {
    this.#cursor.moveTo(entry, this.#walk.entryAddress, level);
    return this.#cursor;
  }

  // V6MapOperation: what a strategy calls.

  leafAllowed({ address, level }: V6Entry): boolean {
    if (this.#pagesOnly && level !== LAST_LEVEL) return false;
    const { granuleBytes, leafAllowed } = this.#table.geometry;
    const granule = granuleBytes[level as Level];
    return (
      leafAllowed[level as Level] &&
      granule <= this.#walk.end - address &&
      isAligned(address, granule) &&
      (this.#annotation !== undefined || isAligned(this.#physAt(address), granule))
    );
  }

  needsUpdate({ address, level }: V6Entry): boolean {
    const { old } = this.#walk;
    if (!old.valid || this.#annotation !== undefined) return true;
    return leafChange(old.low, old.high, this.#newLow(address, level), this.#newHigh(address)) === 'mapping';
  }

  childOf(): TableId {
    const { old } = this.#walk;
    return this.#table.childIn(old.low, old.high);
  }

  tryLeaf(entry: V6Entry): number {
    if (!this.leafAllowed(entry)) return E2BIG;
    if (this.#isAnnotated()) return OK;
    if (!this.needsUpdate(entry) || !this.tryBreak(entry)) return EAGAIN;
    this.clean(entry);
    this.invalidateIcache(entry);
    this.make(entry);
    return OK;
  }

  tryBreak(entry: V6Entry): boolean {
    if (!this.trySet(entry)) return false;
    this.flush(entry);
    if (this.#walk.old.isCounted) this.put(entry);
    return true;
  }

  trySet({ id, address, level }: V6Entry): boolean {
    const table = this.#table;
    const { old } = this.#walk;
    if (old.isLocked) return false;
    if (table.journal?.isTaken(id) === true) return false;
    if (this.#shared) return table.tryLock(id, old, address, level);
    table.lock(id, address, level);
    return true;
  }

  flush({ address, level }: V6Entry): void {
    const { old } = this.#walk;
    if (old.isTable) {
      const granule = this.#table.geometry.granuleBytes[level as Level];
      this.tlbiRange(alignDown(address, granule), granule);
    } else if (old.valid) this.#table.effects.tlbiIpa(address, level);
  }

  get needsClean(): boolean {
    return this.#cleanable;
  }

  clean({ address, level }: Stage2Entry): void {
    if (!this.#cleanable) return;
    this.#table.effects.dcacheClean(this.#physAt(address), this.#table.geometry.granuleBytes[level as Level]);
  }

  invalidateIcache({ address, level }: Stage2Entry): void {
    if (!this.#executable) return;
    this.#table.effects.icacheInvalidate(this.#physAt(address), this.#table.geometry.granuleBytes[level as Level]);
  }

  make({ id, address, level }: V6Entry): void {
    const table = this.#table;
    const annotation = this.#annotation;
    if (annotation !== undefined) {
      if ((annotation.low | annotation.high) !== 0) table.take(table.slotOf(id));
      table.store(id, annotation.low, annotation.high);
      return;
    }
    table.take(table.slotOf(id));
    this.installedLeaves++;
    table.installLeaf(id, address, level, this.#newLow(address, level), this.#newHigh(address));
  }

  allocateTable({ address, level }: V6Entry): TableId {
    if (this.#cache === null || !this.#cache.take()) return NO_TABLE;
    return this.#table.allocateChild(address, level);
  }

  makeTable({ id, address, level }: V6Entry, child: TableId): void {
    const table = this.#table;
    table.take(table.slotOf(id));
    table.installTable(id, address, level, child);
  }

  dropTable(child: TableId): void {
    this.#table.freeTable(child);
  }

  freeUnlinked(child: TableId, level: number): void {
    this.#unlinked.add(child, level);
  }

  mapLeaf(entry: V6Entry): number {
    const rc = this.tryLeaf(entry);
    if (rc !== E2BIG) return rc;
    if (entry.level === LAST_LEVEL) return EINVAL;
    const child = this.allocateTable(entry);
    if (child === NO_TABLE) return ENOMEM;
    if (!this.tryBreak(entry)) {
      this.dropTable(child);
      return EAGAIN;
    }
    // A block in the way: what it mapped beyond this range is left to later faults.
    this.makeTable(entry, child);
    return OK;
  }

  tlbiVmid(): void {
    this.#table.effects.tlbiVmid();
  }

  tlbiIpa(entry: V6Entry, level: number = entry.level): void {
    if (!Number.isInteger(level) || level < LEVEL_UNKNOWN || level > LAST_LEVEL)
      throw new RangeError(`tlbiIpa: level ${level}: must be 0 (LEVEL_UNKNOWN) to ${LAST_LEVEL}`);
    this.#table.effects.tlbiIpa(entry.address, level);
  }

  tlbiRange(address: Ipa, sizeBytes: number): void {
    flushRange(this.#table, this.#kernel.rangeTlbi, address, sizeBytes);
  }

  put({ id }: V6Entry): void {
    this.#table.drop(this.#table.slotOf(id), 1);
  }

  get({ id }: V6Entry): void {
    this.#table.take(this.#table.slotOf(id));
  }

  walkTables(table: TableId, visit: (page: TablePage) => void): void {
    walkTables(this.#table, table, visit);
  }

  walkLeaves(table: TableId, visit: (leaf: Stage2Entry) => void): void {
    walkBelow(this.#table, table, new LeafVisitor(this.#table, visit, new EntryCursor(this.#table)));
  }

  /** Whether the annotation that is to be stored stands there. From the release on that has types of them it is left alone. */
  #isAnnotated(): boolean {
    const annotation = this.#annotation;
    const { old } = this.#walk;
    if (annotation === undefined || this.#kernel.owners !== 'annotation') return false;
    return old.low === annotation.low && old.high === annotation.high;
  }

  /** The host memory of an address of the range. Annotations have none. */
  #physAt(address: Ipa): Pa {
    return this.#annotation === undefined ? this.#beginPhys + address - this.#beginIpa : ANNOTATION_PA;
  }

  #newLow(address: Ipa, level: number): number {
    const type = VALID | (level === LAST_LEVEL ? TYPE_TABLE : 0);
    return addressLow(this.#physAt(address), this.#table.geometry) | this.#attributes.low | type;
  }

  #newHigh(address: Ipa): number {
    return addressHigh(this.#physAt(address)) | this.#attributes.high;
  }
}
