/** Making entries: leaves and tables where the walk of v5.11 to v6.1 stands, as its stock handlers make them. */
import type { Stage2Entry } from '@s2bench/core';
import { EAGAIN, ENOMEM, OK } from '@s2bench/core';
import type { Ipa, LeafAttributes, Level, Pa, Stage2Table } from '@s2bench/core/stage2';
import { addressHigh, addressLow, alignDown, isAligned, LAST_LEVEL } from '@s2bench/core/stage2';
import { TYPE_TABLE, VALID, VALID_TABLE, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import { ANNOTATION_PA, type Annotation } from '../owners.ts';
import { leafChange } from './leaf-change.ts';
import { WalkState } from './walker.ts';

const NO_ATTRIBUTES: LeafAttributes = { low: 0, high: 0, cacheable: false };

/** The old leaf is broken and the new one can be installed. Not an errno. */
const BROKEN = 1;

/** What a map makes of entries, one by one. It knows the range, and no strategy. */
export class LeafMaker {
  /** Leaves that were installed since the mapper was made. An operation that leaves it as it was has changed nothing. */
  installedLeaves = 0;

  protected readonly table: Stage2Table;
  protected readonly kernel: KernelModel;
  protected readonly cleansInMap: boolean;
  protected readonly invalidatesInMap: boolean;
  protected readonly walk = new WalkState();
  protected phys: Pa = 0;
  /** Where the range begins, and the host memory there: what an entry maps follows from its own address. */
  protected beginIpa: Ipa = 0;
  protected beginPhys: Pa = 0;
  /** The highest level at which the whole range could hold a leaf. Spares most entries a look at addresses. */
  protected topLeafLevel = 0;
  protected attributes = NO_ATTRIBUTES;
  /** Whether this map's memory is cleaned at all: cacheable, and without FEAT_S2FWB. */
  protected cleanable = false;
  /** Whether instructions are invalidated for what this map makes: the leaf handler does it, and it is executable. */
  protected invalidates = false;
  /** A map of this walk may make leaves of level 3 alone. */
  protected pagesOnly = false;
  /** What is stored in the place of leaves, where a walk says who owns memory. */
  protected annotation: Annotation | undefined;
  protected cache: MemoryCache | null = null;

  constructor(table: Stage2Table, kernel: KernelModel) {
    this.table = table;
    this.kernel = kernel;
    this.cleansInMap = kernel.cleanSite === 'map-handler';
    this.invalidatesInMap = kernel.icacheSite === 'map-handler';
  }

  get physAddress(): Pa {
    return this.phys;
  }

  clean({ address, level }: Stage2Entry): void {
    const granule = this.table.geometry.granuleBytes[level as Level];
    // A walk may have come in beyond the entry's begin, and the range may hold no more than a part of the entry.
    const entryBegin = alignDown(address, granule);
    const begin = Math.max(entryBegin, this.beginIpa);
    const end = Math.min(entryBegin + granule, this.walk.end);
    if (begin >= end) {
      const entry = `the entry of level ${level} at 0x${entryBegin.toString(16)}`;
      throw new RangeError(`clean: ${entry} lies outside of what is being mapped, so its memory is not known`);
    }
    const { effects } = this.table;
    const at = this.beginPhys + begin - this.beginIpa;
    if (this.cleanable) effects.dcacheClean(at, end - begin);
    // Where the abort handler no longer does it, nobody else would: what is cleaned here is first accessible here.
    if (this.invalidates) effects.icacheInvalidate(at, end - begin);
  }

  install(entry: Stage2Entry): void {
    this.#installLeaf(entry);
  }

  /** What a map begins with. */
  protected beginMap(attributes: LeafAttributes, cache: MemoryCache | null, pagesOnly: boolean): void {
    this.attributes = attributes;
    this.cleanable = attributes.cacheable && !this.table.fwb;
    this.invalidates = this.invalidatesInMap && (attributes.high & XN_HIGH) === 0;
    this.annotation = undefined;
    this.pagesOnly = pagesOnly;
    this.cache = cache;
  }

  /** What a walk begins with that says who owns memory. */
  protected beginAnnotation(annotation: Annotation, cache: MemoryCache | null): void {
    this.attributes = NO_ATTRIBUTES;
    this.cleanable = false;
    this.invalidates = this.invalidatesInMap && annotation.looksExecutable;
    this.annotation = annotation;
    this.pagesOnly = annotation.pagesOnly;
    this.cache = cache;
    this.phys = ANNOTATION_PA;
  }

  protected leafSupported({ address, level }: Stage2Entry): boolean {
    if (level < this.topLeafLevel || (this.pagesOnly && level !== LAST_LEVEL)) return false;
    const { granuleBytes, leafAllowed } = this.table.geometry;
    const granule = granuleBytes[level as Level];
    return (
      granule <= this.walk.end - address &&
      leafAllowed[level as Level] &&
      isAligned(address, granule) &&
      (this.annotation !== undefined || isAligned(this.phys, granule))
    );
  }

  /** Maps the invalid entry of level 3 at which the cursor stands. */
  protected fill(entry: number, slot: number, cursor: Stage2Entry): void {
    const table = this.table;
    const { geometry, effects } = table;
    const { words } = table.arena;
    const physAddress = this.phys;
    const { low, high } = this.attributes;
    if (this.cleansInMap && this.cleanable) effects.dcacheClean(physAddress, geometry.pageSizeBytes);
    if (this.invalidates) effects.icacheInvalidate(physAddress, geometry.pageSizeBytes);
    words[2 * entry] = addressLow(physAddress, geometry) | low | VALID_TABLE;
    words[2 * entry + 1] = addressHigh(physAddress) | high;
    this.installedLeaves++;
    table.leafStored(entry, slot, cursor.address, LAST_LEVEL);
    table.take(slot);
    this.phys = physAddress + geometry.pageSizeBytes;
  }

  protected mapEntry(entry: Stage2Entry): number {
    if (entry.level !== LAST_LEVEL && !this.leafSupported(entry)) return this.#installTable(entry);
    const table = this.table;
    const slot = table.slotOf(entry.id);
    if ((table.low(entry.id) & VALID) !== 0) {
      const rc = this.#breakLeaf(entry, slot);
      if (rc !== BROKEN) return rc;
    } else if (table.isOwned(entry.id)) table.drop(slot, 1);
    const granule = table.geometry.granuleBytes[entry.level as Level];
    if (this.cleansInMap && this.cleanable) table.effects.dcacheClean(this.phys, granule);
    if (this.invalidates) table.effects.icacheInvalidate(this.phys, granule);
    this.#installLeaf(entry);
    if (this.annotation === undefined || table.isOwned(entry.id)) table.take(slot);
    return OK;
  }

  /** Breaks a valid leaf where another one shall stand: {@link BROKEN}, or what the map of this entry returns. */
  #breakLeaf({ id, address, level }: Stage2Entry, slot: number): number {
    const table = this.table;
    if (this.annotation !== undefined) {
      table.invalidate(id, address, level);
      table.effects.tlbiIpa(address, level);
      table.drop(slot, 1);
      return BROKEN;
    }
    const { low, high } = this.attributes;
    const newLow = addressLow(this.phys, table.geometry) | low | VALID | (level === LAST_LEVEL ? TYPE_TABLE : 0);
    const change = leafChange(table.low(id), table.high(id), newLow, addressHigh(this.phys) | high);
    if (this.kernel.filtersPermissionChanges) {
      if (change !== 'mapping') return EAGAIN;
      table.invalidate(id, address, level);
      table.effects.tlbiIpa(address, level);
      table.drop(slot, 1);
      return BROKEN;
    }
    // Before there was a filter, the reference was dropped first, also where the entry then stays as it is.
    table.drop(slot, 1);
    if (change === 'none') {
      this.phys += table.geometry.granuleBytes[level as Level];
      table.take(slot);
      return OK;
    }
    table.invalidate(id, address, level);
    table.effects.tlbiIpa(address, level);
    return BROKEN;
  }

  #installLeaf({ id, address, level }: Stage2Entry): void {
    const table = this.table;
    if (this.annotation !== undefined) {
      table.storeInvalid(id, this.annotation.low, this.annotation.high);
      return;
    }
    const low = addressLow(this.phys, table.geometry) | this.attributes.low;
    this.installedLeaves++;
    table.installLeaf(id, address, level, low, addressHigh(this.phys) | this.attributes.high);
    this.phys += table.geometry.granuleBytes[level as Level];
  }

  #installTable({ id, address, level }: Stage2Entry): number {
    const table = this.table;
    if (this.cache === null || !this.cache.take()) return ENOMEM;
    const child = table.allocateChild(address, level);
    const slot = table.slotOf(id);
    if ((table.low(id) & VALID) !== 0) {
      // A block in the way: what it mapped beyond this range is left to later faults.
      table.invalidate(id, address, level);
      table.effects.tlbiIpa(address, level);
      table.drop(slot, 1);
    } else if (table.isOwned(id)) table.drop(slot, 1);
    table.installTable(id, address, level, child);
    table.take(slot);
    return OK;
  }
}
