/** Turns effects into time: the consumer that gives every action of the stage-2 code its cost. */
import type { EntryId } from '@s2bench/core';
import type { Ipa, Pa } from '@s2bench/core/stage2';
import { alignDown, IgnoreEffects, LAST_LEVEL } from '@s2bench/core/stage2';
import type { CacheState } from './cache-state.ts';
import type { Charges } from './charges.ts';
import { costList, placeOf } from './charges.ts';
import { costInstead, type Costs } from './costs.ts';
import type { StageCounters } from './counters.ts';
import type { BusyHostPages } from './host-pages.ts';
import { OpenWindows } from './open-windows.ts';
import { type Broadcast, Stations } from './stations.ts';
import type { Flush, Tlbs } from './tlbs.ts';

/** Bytes of a cache line. */
export const LINE_BYTES = 64;
const DESCRIPTORS_PER_LINE = LINE_BYTES / 8;

// Where effects are charged: constants of the module, since this is done for every one of them.
const WALK_STEP = placeOf('walkStep');
const DESCRIPTOR_READ = placeOf('descriptorRead');
const DESCRIPTOR_WRITE = placeOf('descriptorWrite');
const TLBI_VMID = placeOf('tlbiVmid');
const TLBI_IPA = placeOf('tlbiIpa');
const CLEAN_LINE = placeOf('cleanLine');
const ICACHE_LINE = placeOf('icacheLine');
const TABLE_ALLOCATE = placeOf('tableAllocate');
const HOST_WRITE_LINE = placeOf('hostWriteLine');
const TABLE_FREE = placeOf('tableFree');
const REFERENCE = placeOf('reference');
const EXIT = placeOf('exit');
const HOST_PAGE_FAULT = placeOf('hostPageFault');
const FAULT_PREPARE = placeOf('faultPrepare');
const MARK_DIRTY = placeOf('markDirty');

/** Leaving the guest and entering it again is one cost. */
const HALF = 0.5;
const MEMSLOT_REPLACE = placeOf('memslotReplace');
const TLBI_RANGE_PAGE = placeOf('tlbiRangePage');

/** What time means to the effects of one actor. */
export interface Timeline {
  /** Now, for the actor whose effects these are. */
  nowNs: number;
  /** Time has passed for the actor; called before its next store becomes visible. */
  passed(): void;
  /** A valid entry was taken away from `[address, address + sizeBytes)`. */
  tookAway(address: Ipa, sizeBytes: number): void;
  /** The caches are about to hold something else: what guests have read until now, they read from what was there. */
  cachesChange(): void;
  /** Lines were cleaned by one whose time is ahead of the guests': it says so when they have come there. Left out: never. */
  cleanedLater?(address: Pa, sizeBytes: number): void;
  /** A TLBI that all cores hear of is complete. Left out: no guest runs that would notice. */
  flushed?(flush: Flush, address: Ipa, sizeBytes: number): void;
}

/** An actor's own time while it is in the host without the lock. */
export class LocalTimeline implements Timeline {
  nowNs = 0;
  passed(): void {}
  tookAway(): void {
    throw new Error('an entry was invalidated without mmu_lock');
  }
  /** Set by the runner, whose guests read on while this one is in the host. */
  cachesChange: () => void = () => {};
}

/** What the costs of a run depend on besides the profile. */
export interface MachineSetting {
  readonly costs: Costs;
  readonly pageSizeBytes: number;
  /** Bytes that an entry covers, by level. */
  readonly granuleBytes: readonly number[];
  /** CTR_EL0.DIC: the kernel's invalidations of the I-cache do nothing (arch/arm64/mm/cache.S, `ARM64_HAS_CACHE_DIC`). */
  readonly dic?: boolean;
  /** Left out: TLBs are not modelled. */
  readonly tlbs?: Tlbs | undefined;
  /** Who does what is done. */
  readonly agent?: () => number;
  /** Pages that the entry of this level had mapped which was just taken away. Left out: as many as it covers. */
  readonly mappedPages?: (level: number) => number;
}

/**
 * Charges effects to the timeline of whoever acts, counts them, and keeps the state of the caches.
 *
 * A store takes effect at the moment at which the effects before it are paid for: what other vCPUs do until then
 * still sees the table without it.
 */
export class MachineEffects extends IgnoreEffects {
  /** Whose effects these are. Exchanged by whoever runs vCPUs. */
  timeline: Timeline;
  /** Where they are charged to. */
  charges: Charges;
  counters: StageCounters;
  /** Stores into the tables so far. */
  stores = 0;
  /** Time that was spent so far in host faults on pages that another vCPU was making, or at stations behind others. */
  waitedNs = 0;
  /** Where actors meet. */
  readonly stations: Stations;

  /** Nanoseconds by cost, in the order of {@link Charges}. */
  readonly #costNs: Float64Array;
  /** What a TLBI by range, or one that no other core hears of, is charged to. */
  readonly #tlbiRange: number;
  readonly #tlbiLocal: number;
  /** What a TLBI by IPA is charged to whose level is not that of pages. */
  readonly #tlbiBlock: number;
  readonly #tableLines: number;
  readonly #granuleBytes: readonly number[];
  readonly #caches: CacheState;
  readonly #busyPages: BusyHostPages;
  readonly #dic: boolean;
  readonly #tlbs: Tlbs | undefined;
  readonly #agent: () => number;
  readonly #pageSizeBytes: number;
  readonly #windows = new OpenWindows();
  /** Where in the tables the section has read last; -1 where it has not. */
  #walkLine = -1;
  readonly #mappedPages: (level: number) => number;

  constructor(
    setting: MachineSetting,
    caches: CacheState,
    busyPages: BusyHostPages,
    timeline: Timeline,
    counters: StageCounters,
  ) {
    super();
    const { costs } = setting;
    this.#costNs = costList(costs);
    this.#tlbiRange = placeOf(costInstead(costs, 'tlbiRange'));
    this.#tlbiBlock = placeOf(costInstead(costs, 'tlbiBlock'));
    this.#tlbiLocal = placeOf(costInstead(costs, 'tlbiLocal'));
    this.stations = new Stations(costs);
    this.#tableLines = setting.pageSizeBytes / LINE_BYTES;
    const { granuleBytes, pageSizeBytes } = setting;
    this.#granuleBytes = granuleBytes;
    this.#mappedPages = setting.mappedPages ?? ((level) => (granuleBytes[level] ?? 0) / pageSizeBytes);
    this.#caches = caches;
    this.#dic = setting.dic ?? false;
    this.#tlbs = setting.tlbs;
    this.#agent = setting.agent ?? (() => 0);
    this.#pageSizeBytes = pageSizeBytes;
    this.#busyPages = busyPages;
    this.timeline = timeline;
    this.counters = counters;
    this.charges = counters.charges;
  }

  /** From now on effects are counted here, and charged to nobody in particular. */
  countInto(counters: StageCounters): void {
    this.counters = counters;
    this.charges = counters.charges;
  }

  /** The time of whoever acts. */
  get nowNs(): number {
    return this.timeline.nowNs;
  }

  /** Ends an operation: an entry that is still invalid was unmapped, not broken to be made again. */
  operationEnded(): void {
    this.#windows.forget();
    this.#walkLine = -1;
  }

  /** Nobody asks any more for host pages that were ready before a time, nor comes to a station. */
  forgetBefore(nowNs: number): void {
    this.#busyPages.forget(nowNs);
    this.stations.forget(nowNs);
  }

  /** A walk that goes on in the line that it is in has it. The hardware fetches a run of pages ahead of who reads them. */
  override descriptorsRead(count: number, entry: EntryId): void {
    const line = entry < 0 ? -1 : Math.floor(entry / DESCRIPTORS_PER_LINE);
    if (line >= 0 && line === this.#walkLine) this.#pay(DESCRIPTOR_READ, count);
    else this.#payBoth(WALK_STEP, DESCRIPTOR_READ, count);
    this.#walkLine = line;
  }

  override entryInvalidated(entry: EntryId, address: Ipa, level: number): void {
    const sizeBytes = this.#granuleBytes[level] ?? 0;
    const from = alignDown(address, sizeBytes);
    this.timeline.tookAway(from, sizeBytes);
    this.stores++;
    this.#windows.open(entry, from, this.#mappedPages(level), this.timeline.nowNs);
    this.#pay(DESCRIPTOR_WRITE, 1);
  }

  override leafInstalled(entry: EntryId, address: Ipa, level: number): void {
    this.counters.maps++;
    const { nowNs } = this.timeline;
    if (level === LAST_LEVEL) this.#windows.closeEntry(entry, nowNs, this.counters);
    else {
      const sizeBytes = this.#granuleBytes[level] ?? 0;
      this.#windows.closeBlock(entry, alignDown(address, sizeBytes), sizeBytes, nowNs, this.counters);
    }
    this.#made();
  }

  override tableInstalled(entry: EntryId): void {
    this.#windows.closeEntry(entry, this.timeline.nowNs, this.counters);
    this.#made();
  }

  override leavesChanged(_entry: EntryId, address: Ipa, level: number, count: number): void {
    this.stores++;
    this.timeline.tookAway(address, count * (this.#granuleBytes[level] ?? 0));
    this.#pay(DESCRIPTOR_WRITE, count);
  }

  override tlbiVmid(): void {
    this.counters.tlbiVmid++;
    this.#broadcasts('dvmVmid');
    this.#pay(TLBI_VMID, 1);
    this.#flushed('vmid', 0, 0);
  }

  override tlbiIpa(address: Ipa, level: number): void {
    this.counters.tlbiIpa++;
    this.#broadcasts('dvmIpa');
    this.#pay(level > 0 && level < LAST_LEVEL ? this.#tlbiBlock : TLBI_IPA, 1);
    // Without a level it takes all of the way to the address; of what a guest has used that is the page.
    const sizeBytes = this.#granuleBytes[level > 0 ? level : LAST_LEVEL] ?? 0;
    this.#flushed('stage-2', alignDown(address, sizeBytes), sizeBytes);
  }

  /** The exchange costs what a store does. */
  override entryLocked(): void {
    this.#made();
  }

  override entriesBuilt(_entry: EntryId, _address: Ipa, _level: number, count: number): void {
    this.#pay(DESCRIPTOR_WRITE, count);
  }

  /** One that no other core hears of. */
  override tlbiIpaLocal(): void {
    this.counters.tlbiIpa++;
    this.#pay(this.#tlbiLocal, 1);
    this.#tlbs?.flushLocally(this.#agent());
  }

  /** By range, in one operation: as many pages as its encoding says. */
  override tlbiRange(address: Ipa, pages: number): void {
    this.counters.tlbiRange++;
    this.#broadcasts('dvmRange');
    this.#payBoth(this.#tlbiRange, TLBI_RANGE_PAGE, pages);
    this.#flushed('stage-2', address, pages * this.#pageSizeBytes);
  }

  override dcacheClean(address: Pa, sizeBytes: number): void {
    this.counters.cleanedBytes += sizeBytes;
    this.#payLines(CLEAN_LINE, sizeBytes / LINE_BYTES);
    if (this.timeline.cleanedLater === undefined) this.cleaned(address, sizeBytes);
    else this.timeline.cleanedLater(address, sizeBytes);
  }

  /** Memory holds what the caches held. */
  cleaned(address: Pa, sizeBytes: number): void {
    this.timeline.cachesChange();
    this.#caches.cleaned(address, sizeBytes);
  }

  override icacheInvalidate(_address: Pa, sizeBytes: number): void {
    if (this.#dic) return;
    this.counters.icacheBytes += sizeBytes;
    this.#pay(ICACHE_LINE, sizeBytes / LINE_BYTES);
  }

  override tableAllocated(): void {
    this.counters.tablesAllocated++;
    this.#payBoth(TABLE_ALLOCATE, HOST_WRITE_LINE, this.#tableLines);
  }

  override tableFreed(): void {
    this.counters.tablesFreed++;
    this.#pay(TABLE_FREE, 1);
  }

  override referencesTaken(count: number): void {
    this.#pay(REFERENCE, count);
  }

  override referencesDropped(count: number): void {
    this.#pay(REFERENCE, count);
  }

  override guestExited(): void {
    this.#pay(EXIT, HALF);
  }

  override guestEntered(): void {
    this.#pay(EXIT, HALF);
  }

  override hostPageFaulted(): void {
    this.#pay(HOST_PAGE_FAULT, 1);
  }

  override hostPagePinned(address: Pa): void {
    const { timeline } = this;
    const readyNs = this.#busyPages.readyAt(address, timeline.nowNs);
    if (readyNs > timeline.nowNs) {
      this.counters.hostPageWaitNs += readyNs - timeline.nowNs;
      this.waitedNs += readyNs - timeline.nowNs + (this.#costNs[HOST_PAGE_FAULT] ?? 0);
      // To the very moment: a difference added to what it was taken from would let rounding order those who wait.
      timeline.nowNs = readyNs;
      // Whoever found the page in the making took a host fault too, and waited in it.
      this.#pay(HOST_PAGE_FAULT, 1);
    }
    this.#pay(FAULT_PREPARE, 1);
  }

  override hostWrote(address: Pa, sizeBytes: number): void {
    const lines = sizeBytes / LINE_BYTES;
    this.counters.hostPageMakeNs += lines * (this.#costNs[HOST_WRITE_LINE] ?? 0);
    this.#payLines(HOST_WRITE_LINE, lines);
    this.timeline.cachesChange();
    this.#caches.hostWrote(address, sizeBytes);
    this.#busyPages.occupy(address, sizeBytes, this.timeline.nowNs);
  }

  override dirtyMarked(_address: Ipa, count: number): void {
    this.#pay(MARK_DIRTY, count);
  }

  override memslotReplaced(bitmapBytes: number): void {
    if (this.#costNs[MEMSLOT_REPLACE] === 0) return;
    this.#payBoth(MEMSLOT_REPLACE, HOST_WRITE_LINE, Math.ceil(bitmapBytes / LINE_BYTES));
  }

  /** What TLBs hold of it is gone. */
  #flushed(flush: Flush, address: Ipa, sizeBytes: number): void {
    if (this.#tlbs === undefined) return;
    if (this.timeline.flushed === undefined) this.#tlbs.flush(flush, address, sizeBytes);
    else this.timeline.flushed(flush, address, sizeBytes);
  }

  /** A broadcast is sent after those that others have sent. */
  #broadcasts(kind: Broadcast): void {
    const waitNs = this.stations.broadcastWaitNs(kind, this.timeline.nowNs);
    if (waitNs > 0) this.#wait(this.stations.broadcastPlace(kind), waitNs);
  }

  /** Lines that go to memory, or come from there, beside those of others. */
  #payLines(cost: number, lines: number): void {
    const { stations, timeline } = this;
    const waitNs = stations.memoryWaitNs(lines, timeline.nowNs, lines * (this.#costNs[cost] ?? 0));
    if (waitNs > 0) this.#wait(stations.memoryPlace, waitNs);
    this.#pay(cost, lines);
  }

  /** Somebody waits at a station, since others are there. */
  #wait(cost: number, waitNs: number): void {
    this.charges[cost] = (this.charges[cost] ?? 0) + waitNs;
    this.waitedNs += waitNs;
    this.timeline.nowNs += waitNs;
  }

  // Units are whole numbers, which are handed on without being boxed. Nanoseconds are not.

  #pay(cost: number, units: number): void {
    const { charges, timeline } = this;
    const ns = units * (this.#costNs[cost] ?? 0);
    charges[cost] = (charges[cost] ?? 0) + ns;
    timeline.nowNs += ns;
    timeline.passed();
  }

  /** One unit of a cost and some of another, at one time. */
  #payBoth(cost: number, other: number, units: number): void {
    const { charges, timeline } = this;
    const ns = this.#costNs[cost] ?? 0;
    const otherNs = units * (this.#costNs[other] ?? 0);
    charges[cost] = (charges[cost] ?? 0) + ns;
    charges[other] = (charges[other] ?? 0) + otherNs;
    timeline.nowNs += ns + otherNs;
    timeline.passed();
  }

  #made(): void {
    this.stores++;
    this.#pay(DESCRIPTOR_WRITE, 1);
  }
}
