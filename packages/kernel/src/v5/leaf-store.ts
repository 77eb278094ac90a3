/** What one map stores: leaves or annotations, the table pages above them, and the maintenance that goes before. */
import type { EntryId, Stage2Entry } from '@s2bench/core';
import { EINVAL, ENOMEM, OK } from '@s2bench/core';
import type { Ipa, LeafAttributes, Level, Pa, PageTotals, Protection, Stage2Table } from '@s2bench/core/stage2';
import {
  addressHigh,
  addressLow,
  int32At,
  isAligned,
  LAST_LEVEL,
  leafAttributes,
  uint32At,
} from '@s2bench/core/stage2';
import { TYPE_TABLE, VALID, VALID_TABLE, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import { ANNOTATION_PA, type Annotation } from '../owners.ts';
import { BROKEN, breakLeaf } from './break-leaf.ts';
import { partInside } from './part-inside.ts';
import type { WalkState } from './walker.ts';

const NO_ATTRIBUTES: LeafAttributes = { low: 0, high: 0, cacheable: false };

/** Stores what the maps of one table come to. It follows the walk of its {@link Mapper}, and decides nothing about it. */
export class LeafStore {
  /** Leaves that were installed since it was made. An operation that leaves it as it was has changed nothing. */
  installedLeaves = 0;
  /** The highest level at which the whole range could hold a leaf. Spares most entries a look at addresses. */
  topLeafLevel = 0;
  /** The host page for which {@link fillNext} knows the words; Infinity where it knows none. */
  nextPage: Pa = Infinity;

  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;
  /** Where the walk is that this map makes. */
  readonly #walk: WalkState;
  readonly #cleansInMap: boolean;
  readonly #invalidatesInMap: boolean;
  #physAddress: Pa = 0;
  /** What an entry would hold for {@link nextPage}. */
  #nextLow = 0;
  #nextHigh = 0;
  /** Where the range begins, and the host memory there: what an entry maps follows from its own address. */
  #beginIpa: Ipa = 0;
  #beginPhys: Pa = 0;
  #attributes = NO_ATTRIBUTES;
  /** Whether this map's memory is to be cleaned: cacheable, without FEAT_S2FWB, and not cleaned before the lock was taken. */
  #cleanable = false;
  /** Whether instructions are invalidated for what this map makes: the leaf handler does it, and it is executable. */
  #invalidates = false;
  /** A map of this walk may make leaves of level 3 alone. */
  #pagesOnly = false;
  /** What is stored in the place of leaves, where a walk says who owns memory. */
  #annotation: Annotation | undefined;
  #cache: MemoryCache | null = null;

  constructor(table: Stage2Table, kernel: KernelModel, walk: WalkState) {
    this.#table = table;
    this.#kernel = kernel;
    this.#walk = walk;
    this.#cleansInMap = kernel.cleanSite === 'map-handler';
    this.#invalidatesInMap = kernel.icacheSite === 'map-handler';
  }

  /** Host memory that the next leaf maps. */
  get physAddress(): Pa {
    return this.#physAddress;
  }

  /**
   * What follows stores leaves of this memory.
   *
   * @param cleaned - whether the fault has cleaned all of it before it took the lock
   * @returns 0, or EINVAL for executable device memory
   */
  setLeaves(
    address: Ipa,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    pagesOnly: boolean,
    cleaned: boolean,
  ): number {
    const table = this.#table;
    const attributes = leafAttributes(protection, table.fwb);
    if (attributes === undefined) return EINVAL;
    if (attributes !== this.#attributes) {
      this.#attributes = attributes;
      this.#invalidates = this.#invalidatesInMap && (attributes.high & XN_HIGH) === 0;
      this.#annotation = undefined;
      this.nextPage = Infinity;
    }
    this.#cleanable = attributes.cacheable && !table.fwb && !cleaned;
    this.#pagesOnly = pagesOnly;
    this.#cache = cache;
    // The low 32 bits of an address are enough to see where it stands in its page.
    const offsetMask = table.geometry.pageSizeBytes - 1;
    this.#beginIpa = address - (address & offsetMask);
    this.#beginPhys = physAddress - (physAddress & offsetMask);
    this.#physAddress = this.#beginPhys;
    return OK;
  }

  /** Whether leaves of this memory are like those of the last {@link setLeaves}, but for where they are. */
  isLike(protection: Protection): boolean {
    return leafAttributes(protection, this.#table.fwb) === this.#attributes;
  }

  /** What follows stores annotations. */
  setAnnotation(annotation: Annotation, cache: MemoryCache | null): void {
    this.#annotation = annotation;
    this.#pagesOnly = annotation.pagesOnly;
    this.#attributes = NO_ATTRIBUTES;
    this.#cleanable = false;
    this.#invalidates = this.#invalidatesInMap && annotation.looksExecutable;
    this.#cache = cache;
    this.#physAddress = ANNOTATION_PA;
  }

  /** Does the maintenance that an entry's part of the range wants before it is mapped. */
  clean(entry: Stage2Entry): void {
    const { effects, geometry } = this.#table;
    const { begin, end } = partInside(geometry, entry, this.#beginIpa, this.#walk.end);
    const at = this.#beginPhys + begin - this.#beginIpa;
    if (this.#cleanable) effects.dcacheClean(at, end - begin);
    // Where the abort handler no longer does it, nobody else would: what is cleaned here is first accessible here.
    if (this.#invalidates) effects.icacheInvalidate(at, end - begin);
  }

  /** Whether {@link clean} does anything. */
  get needsClean(): boolean {
    return this.#cleanable || this.#invalidates;
  }

  /** Invalidates instructions for an entry's part of the range, where that is the map handler's business. */
  invalidateIcache(entry: Stage2Entry): void {
    if (!this.#invalidates) return;
    const { begin, end } = partInside(this.#table.geometry, entry, this.#beginIpa, this.#walk.end);
    this.#table.effects.icacheInvalidate(this.#beginPhys + begin - this.#beginIpa, end - begin);
  }

  /** Whether an entry may hold a leaf: its whole range is mapped, and both addresses are aligned. */
  leafSupported(entry: Stage2Entry): boolean {
    const { level } = entry;
    if (level < this.topLeafLevel || (this.#pagesOnly && level !== LAST_LEVEL)) return false;
    // Where the range could hold no such leaf anyway, the address is no matter, and is not asked for.
    const { address } = entry;
    const { granuleBytes, leafAllowed } = this.#table.geometry;
    const granule = granuleBytes[level as Level];
    return (
      granule <= this.#walk.end - address &&
      leafAllowed[level as Level] &&
      isAligned(address, granule) &&
      (this.#annotation !== undefined || isAligned(this.#physAddress, granule))
    );
  }

  /** Maps an invalid entry of level 3, which nobody owns, as {@link mapEntry} would: the one that most faults come to. */
  fillPage(entry: EntryId, slot: number, address: Ipa, physAddress: Pa): void {
    const { geometry, effects, arena } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const { low, high } = this.#attributes;
    const totals = effects.pageTotals;
    if (totals !== undefined) {
      this.#nextLow = addressLow(physAddress, geometry) | low | VALID_TABLE;
      this.#nextHigh = addressHigh(physAddress) | high;
      this.nextPage = physAddress;
      this.fillNext(entry, slot, totals);
      this.#physAddress = physAddress + geometry.pageSizeBytes;
      return;
    }
    if (this.#cleansInMap && this.#cleanable) effects.dcacheClean(physAddress, geometry.pageSizeBytes);
    if (this.#invalidates) effects.icacheInvalidate(physAddress, geometry.pageSizeBytes);
    words[2 * entry] = addressLow(physAddress, geometry) | low | VALID_TABLE;
    words[2 * entry + 1] = addressHigh(physAddress) | high;
    validCounts[slot] = int32At(validCounts, slot) + 1;
    effects.leafInstalled(entry, address, LAST_LEVEL);
    refcounts[slot] = int32At(refcounts, slot) + 1;
    effects.referencesTaken(1);
    this.installedLeaves++;
    this.#physAddress = physAddress + geometry.pageSizeBytes;
  }

  /**
   * As {@link fillPage}, of {@link nextPage}, for a sink that adds up. Its words are an integer addition away from those of
   * the page before: a call with addresses would make heap numbers of them.
   */
  fillNext(entry: EntryId, slot: number, totals: PageTotals): void {
    const { geometry, arena } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const low = this.#nextLow;
    words[2 * entry] = low;
    words[2 * entry + 1] = this.#nextHigh;
    validCounts[slot] = int32At(validCounts, slot) + 1;
    refcounts[slot] = int32At(refcounts, slot) + 1;
    totals.pagesMapped(1, this.#cleansInMap && this.#cleanable, this.#invalidates);
    this.installedLeaves++;
    this.nextPage += geometry.pageSizeBytes;
    this.#nextLow = (low + geometry.pageSizeBytes) | 0;
    // At every 4 GiB the high word changes: the next page goes the long way.
    if (this.#nextLow >>> geometry.pageShift === 0) this.nextPage = Infinity;
  }

  /**
   * Maps neighbouring entries of level 3 up to the first one that holds something.
   *
   * @returns how many they are
   */
  fillFree(first: EntryId, end: EntryId, slot: number, address: Ipa): number {
    if (this.#table.hasOwners) return 0;
    const { words } = this.#table.arena;
    let entry = first;
    while (entry < end && (uint32At(words, 2 * entry) & VALID) === 0) entry++;
    if (entry > first) {
      const totals = this.#table.effects.pageTotals;
      if (totals === undefined) this.#fillRun(first, entry - first, slot, address);
      else this.#fillAtOnce(first, entry - first, slot, totals);
    }
    return entry - first;
  }

  /** As {@link #fillRun}, for a sink that adds up. */
  #fillAtOnce(first: EntryId, count: number, slot: number, totals: PageTotals): void {
    const { geometry, arena } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const { pageSizeBytes, pageShift } = geometry;
    const attributesLow = this.#attributes.low | VALID_TABLE;
    const attributesHigh = this.#attributes.high;
    const begin = this.#physAddress;
    let low = addressLow(begin, geometry) | attributesLow;
    let high = addressHigh(begin) | attributesHigh;
    const end = first + count;
    for (let entry = first; entry < end; entry++) {
      words[2 * entry] = low;
      words[2 * entry + 1] = high;
      low = (low + pageSizeBytes) | 0;
      if (low >>> pageShift !== 0) continue;
      const next = begin + (entry + 1 - first) * pageSizeBytes;
      low = addressLow(next, geometry) | attributesLow;
      high = addressHigh(next) | attributesHigh;
    }
    validCounts[slot] = int32At(validCounts, slot) + count;
    refcounts[slot] = int32At(refcounts, slot) + count;
    totals.pagesMapped(count, this.#cleansInMap && this.#cleanable, this.#invalidates);
    this.installedLeaves += count;
    this.#physAddress = begin + count * pageSizeBytes;
  }

  /**
   * As {@link fillPage}, of `count` neighbours: a page's effects come between its stores and the next page's.
   *
   * @param address - that of the first one
   */
  #fillRun(first: EntryId, count: number, slot: number, address: Ipa): void {
    const { geometry, effects, arena } = this.#table;
    const { words, validCounts, refcounts } = arena;
    const { pageSizeBytes, pageShift } = geometry;
    const cleans = this.#cleansInMap && this.#cleanable;
    const invalidates = this.#invalidates;
    const attributesLow = this.#attributes.low | VALID_TABLE;
    const attributesHigh = this.#attributes.high;
    let physAddress = this.#physAddress;
    let at = address;
    let low = addressLow(physAddress, geometry) | attributesLow;
    let high = addressHigh(physAddress) | attributesHigh;
    for (let entry = first; entry < first + count; entry++) {
      if (cleans) effects.dcacheClean(physAddress, pageSizeBytes);
      if (invalidates) effects.icacheInvalidate(physAddress, pageSizeBytes);
      words[2 * entry] = low;
      words[2 * entry + 1] = high;
      validCounts[slot] = int32At(validCounts, slot) + 1;
      effects.leafInstalled(entry, at, LAST_LEVEL);
      refcounts[slot] = int32At(refcounts, slot) + 1;
      effects.referencesTaken(1);
      at += pageSizeBytes;
      physAddress += pageSizeBytes;
      // The next page's word is an integer addition away, but at every 4 GiB, where the high word changes.
      low = (low + pageSizeBytes) | 0;
      if (low >>> pageShift === 0) {
        low = addressLow(physAddress, geometry) | attributesLow;
        high = addressHigh(physAddress) | attributesHigh;
      }
    }
    this.installedLeaves += count;
    this.#physAddress = physAddress;
  }

  /** Maps one entry: with a leaf where it may hold one, else with a table. */
  mapEntry(entry: Stage2Entry): number {
    if (entry.level !== LAST_LEVEL && !this.leafSupported(entry)) return this.#installTable(entry);
    const table = this.#table;
    const slot = table.slotOf(entry.id);
    if ((table.low(entry.id) & VALID) !== 0) {
      const rc = this.#break(entry);
      if (rc !== BROKEN) return rc;
    } else if (table.isOwned(entry.id)) table.drop(slot, 1);
    const granule = table.geometry.granuleBytes[entry.level as Level];
    if (this.#cleansInMap && this.#cleanable) table.effects.dcacheClean(this.#physAddress, granule);
    if (this.#invalidates) table.effects.icacheInvalidate(this.#physAddress, granule);
    this.install(entry);
    if (this.#annotation === undefined || table.isOwned(entry.id)) table.take(slot);
    return OK;
  }

  /** Breaks a valid leaf where another one shall stand: {@link BROKEN}, or what the map of this entry returns. */
  #break(entry: Stage2Entry): number {
    const table = this.#table;
    if (this.#annotation !== undefined) {
      table.invalidate(entry.id, entry.address, entry.level);
      table.effects.tlbiIpa(entry.address, entry.level);
      table.drop(table.slotOf(entry.id), 1);
      return BROKEN;
    }
    const { low, high } = this.#attributes;
    const page = entry.level === LAST_LEVEL ? TYPE_TABLE : 0;
    const newLow = addressLow(this.#physAddress, table.geometry) | low | VALID | page;
    const rc = breakLeaf(table, this.#kernel, entry, newLow, addressHigh(this.#physAddress) | high);
    if (rc === OK) this.#physAddress += table.geometry.granuleBytes[entry.level as Level];
    return rc;
  }

  install({ id, address, level }: Stage2Entry): void {
    const table = this.#table;
    if (this.#annotation !== undefined) {
      table.store(id, this.#annotation.low, this.#annotation.high);
      return;
    }
    const low = addressLow(this.#physAddress, table.geometry) | this.#attributes.low;
    this.installedLeaves++;
    table.installLeaf(id, address, level, low, addressHigh(this.#physAddress) | this.#attributes.high);
    this.#physAddress += table.geometry.granuleBytes[level as Level];
  }

  #installTable({ id, address, level }: Stage2Entry): number {
    const table = this.#table;
    if (this.#cache === null || !this.#cache.take()) return ENOMEM;
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
