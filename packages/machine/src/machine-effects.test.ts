import type { EffectSink } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { BASE_IPA, BLOCK, COSTS, LARGE_BLOCK, PAGE, PHYS_ADDRESS, smallGeometry } from '../test/cell.ts';
import type { Costs } from './costs.ts';
import { CacheState } from './cache-state.ts';
import { StageCounters } from './counters.ts';
import { BusyHostPages } from './host-pages.ts';
import { Tlbs } from './tlbs.ts';
import type { Timeline } from './machine-effects.ts';
import { LINE_BYTES, MachineEffects } from './machine-effects.ts';

const LINES = PAGE / LINE_BYTES;

/** Writes down what it is told, and when. */
class Notes implements Timeline {
  nowNs = 1000;
  readonly passedAt: number[] = [];
  readonly takenAway: [address: number, sizeBytes: number, atNs: number][] = [];
  readonly cachesChangedAt: number[] = [];
  passed(): void {
    this.passedAt.push(this.nowNs);
  }
  tookAway(address: number, sizeBytes: number): void {
    this.takenAway.push([address, sizeBytes, this.nowNs]);
  }
  cachesChange(): void {
    this.cachesChangedAt.push(this.nowNs);
  }
}

interface Bench {
  readonly effects: MachineEffects;
  readonly notes: Notes;
  readonly counters: StageCounters;
  readonly caches: CacheState;
  readonly busyPages: BusyHostPages;
}

function bench(mappedPages?: () => number, costs: Costs = COSTS): Bench {
  const notes = new Notes();
  const counters = new StageCounters();
  const caches = new CacheState(PHYS_ADDRESS, LARGE_BLOCK, PAGE);
  const busyPages = new BusyHostPages();
  const setting = {
    costs,
    pageSizeBytes: PAGE,
    granuleBytes: smallGeometry().granuleBytes,
    ...(mappedPages && { mappedPages }),
  };
  return {
    effects: new MachineEffects(setting, caches, busyPages, notes, counters),
    notes,
    counters,
    caches,
    busyPages,
  };
}

const ENTRY = 5;

/** Each effect, what it costs by hand, and what it counts. */
const PRICES: readonly [
  name: string,
  effect: (sink: EffectSink) => void,
  costNs: number,
  counted: Partial<StageCounters>,
][] = [
  ['a descriptor read', (sink) => sink.descriptorsRead(1, ENTRY), COSTS.walkStep + COSTS.descriptorRead, {}],
  ['eight descriptors', (sink) => sink.descriptorsRead(8, ENTRY), COSTS.walkStep + 8 * COSTS.descriptorRead, {}],
  ['an entry invalidated', (sink) => sink.entryInvalidated(ENTRY, BASE_IPA, 3), COSTS.descriptorWrite, {}],
  ['a leaf', (sink) => sink.leafInstalled(ENTRY, BASE_IPA, 3), COSTS.descriptorWrite, { maps: 1, windows: 0 }],
  ['a table', (sink) => sink.tableInstalled(ENTRY, BASE_IPA, 2), COSTS.descriptorWrite, { maps: 0, windows: 0 }],
  ['leaves changed', (sink) => sink.leavesChanged(ENTRY, BASE_IPA, 3, 6), 6 * COSTS.descriptorWrite, {}],
  ['a TLBI of the VMID', (sink) => sink.tlbiVmid(), COSTS.tlbiVmid, { tlbiVmid: 1, tlbiIpa: 0 }],
  ['a TLBI by IPA', (sink) => sink.tlbiIpa(BASE_IPA, 3), COSTS.tlbiIpa, { tlbiVmid: 0, tlbiIpa: 1 }],
  [
    'a clean',
    (sink) => sink.dcacheClean(PHYS_ADDRESS, BLOCK),
    8 * LINES * COSTS.cleanLine,
    { cleanedBytes: BLOCK, icacheBytes: 0 },
  ],
  [
    'an I-cache invalidation',
    (sink) => sink.icacheInvalidate(PHYS_ADDRESS, PAGE),
    LINES * COSTS.icacheLine,
    { cleanedBytes: 0, icacheBytes: PAGE },
  ],
  [
    'a table page',
    (sink) => sink.tableAllocated(3),
    COSTS.tableAllocate + LINES * COSTS.hostWriteLine,
    { tablesAllocated: 1, tablesFreed: 0 },
  ],
  ['a table page freed', (sink) => sink.tableFreed(3), COSTS.tableFree, { tablesAllocated: 0, tablesFreed: 1 }],
  ['references taken', (sink) => sink.referencesTaken(3), 3 * COSTS.reference, {}],
  ['references dropped', (sink) => sink.referencesDropped(5), 5 * COSTS.reference, {}],
  ['an exit', (sink) => sink.guestExited(), COSTS.exit / 2, {}],
  ['an entry', (sink) => sink.guestEntered(), COSTS.exit / 2, {}],
  ['a host page fault', (sink) => sink.hostPageFaulted(), COSTS.hostPageFault, {}],
  ['a host page pinned', (sink) => sink.hostPagePinned(PHYS_ADDRESS, PAGE), COSTS.faultPrepare, {}],
  ['a host store', (sink) => sink.hostWrote(PHYS_ADDRESS, 2 * PAGE), 2 * LINES * COSTS.hostWriteLine, {}],
  ['a dirty mark', (sink) => sink.dirtyMarked(BASE_IPA, 4), 4 * COSTS.markDirty, {}],
];

describe('what an effect costs, and what it counts', () => {
  it.each(PRICES)('%s', (_name, effect, costNs, counted) => {
    const { effects, notes, counters } = bench();
    effect(effects);
    expect(notes.nowNs).toBeCloseTo(1000 + costNs, 9);
    expect(notes.passedAt).toEqual([notes.nowNs]);
    expect(counters).toMatchObject(counted);
  });

  it('goes to the counters of the stage that runs', () => {
    const { effects, counters } = bench();
    const next = new StageCounters();
    effects.counters = next;
    effects.tlbiVmid();
    expect([counters.tlbiVmid, next.tlbiVmid]).toEqual([0, 1]);
  });
});

describe('what is taken away from guests', () => {
  it('is what the entry covers, wherever in it the walk stood, before its store is paid for', () => {
    const { effects, notes } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA + BLOCK + 3 * PAGE, 2);
    expect(notes.takenAway).toEqual([[BASE_IPA + BLOCK, BLOCK, 1000]]);
  });

  it('is each leaf that changed', () => {
    const { effects, notes } = bench();
    effects.leavesChanged(ENTRY, BASE_IPA + PAGE, 3, 3);
    expect(notes.takenAway).toEqual([[BASE_IPA + PAGE, 3 * PAGE, 1000]]);
  });

  it('is nothing where something is made', () => {
    const { effects, notes } = bench();
    effects.leafInstalled(ENTRY, BASE_IPA, 3);
    effects.tableInstalled(ENTRY + 1);
    expect(notes.takenAway).toEqual([]);
  });
});

describe('the window of a page', () => {
  const PAGES = BLOCK / PAGE;

  it('is open from the invalidation of its entry until the store that makes it again, that store not included', () => {
    const { effects, counters } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA, 2);
    effects.tlbiIpa(BASE_IPA, 3);
    effects.leafInstalled(ENTRY, BASE_IPA, 2);
    const windowNs = COSTS.descriptorWrite + COSTS.tlbiIpa;
    expect(counters).toMatchObject({ windows: 1, totalWindowNs: windowNs, longestWindowNs: windowNs });
    expect(counters.windowPageNs).toBe(PAGES * windowNs);
  });

  it('ends with a table as well as with a leaf', () => {
    const { effects, counters } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA, 2);
    effects.tableInstalled(ENTRY);
    expect(counters).toMatchObject({ windows: 1, totalWindowNs: COSTS.descriptorWrite });
  });

  it('is its own, when several are open at once', () => {
    const { effects, counters } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA, 3);
    effects.entryInvalidated(ENTRY + 1, BASE_IPA + PAGE, 3);
    effects.leafInstalled(ENTRY, BASE_IPA, 3);
    expect(counters.totalWindowNs).toBe(2 * COSTS.descriptorWrite);
    effects.leafInstalled(ENTRY + 2, BASE_IPA + 2 * PAGE, 3);
    expect(counters.windows).toBe(1);
    effects.leafInstalled(ENTRY + 1, BASE_IPA + PAGE, 3);
    expect(counters).toMatchObject({
      windows: 2,
      longestWindowNs: 3 * COSTS.descriptorWrite,
      totalWindowNs: 5 * COSTS.descriptorWrite,
      windowPageNs: 5 * COSTS.descriptorWrite,
    });
  });

  it('lasts until the block stands where pages were taken away one by one', () => {
    const { effects, counters } = bench();
    const BLOCK_ENTRY = ENTRY + 100;
    effects.entryInvalidated(ENTRY, BASE_IPA, 3);
    effects.entryInvalidated(ENTRY + 1, BASE_IPA + PAGE, 3);
    // Of another block: it has a window of its own, and this one is none of it.
    effects.entryInvalidated(ENTRY + 9, BASE_IPA + BLOCK, 3);
    effects.tlbiIpa(BASE_IPA, 3);
    effects.leafInstalled(BLOCK_ENTRY, BASE_IPA, 2);
    const flushNs = COSTS.tlbiIpa;
    expect(counters).toMatchObject({ windows: 1, longestWindowNs: 3 * COSTS.descriptorWrite + flushNs });
    expect(counters.windowPageNs).toBe(5 * COSTS.descriptorWrite + 2 * flushNs);
    effects.leafInstalled(ENTRY + 9, BASE_IPA + BLOCK, 3);
    expect(counters.windows).toBe(2);
  });

  it('is of the pages that were mapped, and there is none where none was', () => {
    const mapped = [3, 0];
    const { effects, counters } = bench(() => mapped.shift() ?? 0);
    effects.entryInvalidated(ENTRY, BASE_IPA, 2);
    effects.leafInstalled(ENTRY, BASE_IPA, 2);
    expect(counters).toMatchObject({ windows: 1, windowPageNs: 3 * COSTS.descriptorWrite });
    effects.entryInvalidated(ENTRY, BASE_IPA, 2);
    effects.leafInstalled(ENTRY, BASE_IPA, 2);
    expect(counters.windows).toBe(1);
  });

  it('is kept, however many are open', () => {
    const { effects, counters } = bench();
    for (let page = 0; page < 1000; page++) effects.entryInvalidated(page, BASE_IPA + page * PAGE, 3);
    for (let page = 0; page < 1000; page++) effects.leafInstalled(page, BASE_IPA + page * PAGE, 3);
    expect(counters.windows).toBe(1000);
    expect(counters.totalWindowNs).toBe(1000 * 1000 * COSTS.descriptorWrite);
  });

  it('is none where the entry was unmapped: the operation ended before something was made there', () => {
    const { effects, counters } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA, 3);
    effects.operationEnded();
    effects.leafInstalled(ENTRY, BASE_IPA, 3);
    expect(counters.windows).toBe(0);
  });

  it('is counted once', () => {
    const { effects, counters } = bench();
    effects.entryInvalidated(ENTRY, BASE_IPA, 3);
    effects.leafInstalled(ENTRY, BASE_IPA, 3);
    effects.leafInstalled(ENTRY, BASE_IPA, 3);
    expect(counters).toMatchObject({ windows: 1, maps: 2 });
  });
});

describe('a TLBI by IPA', () => {
  it('costs another sum with the level of a block or a table, where the profile gives one', () => {
    const { effects, notes } = bench(undefined, { ...COSTS, tlbiBlock: 5003 });
    const moreNs = (level: number): number => {
      const beganNs = notes.nowNs;
      effects.tlbiIpa(BASE_IPA, level);
      return notes.nowNs - beganNs - COSTS.tlbiIpa;
    };
    const block = 5003 - COSTS.tlbiIpa;
    expect([moreNs(0), moreNs(3), moreNs(2) - moreNs(3), moreNs(1) - moreNs(3)].map(Math.round)).toEqual(
      [moreNs(3), moreNs(3), block, block].map(Math.round),
    );
  });
});

/** Effects of a machine with TLBs, and what is said of them at the time at which it is done. */
function flushing(listens: boolean) {
  const flushed: [string, number, number, number][] = [];
  const notes = new Notes();
  const timeline: Timeline = listens
    ? Object.assign(notes, {
        flushed: (flush: string, address: number, sizeBytes: number) =>
          flushed.push([flush, address, sizeBytes, notes.nowNs]),
      })
    : notes;
  const tlbs = new Tlbs(2, 64);
  for (const tlb of tlbs.of) tlb.used(BASE_IPA, PAGE, 16, PAGE, false);
  const setting = {
    costs: COSTS,
    pageSizeBytes: PAGE,
    granuleBytes: smallGeometry().granuleBytes,
    tlbs,
    agent: () => 1,
  };
  const caches = new CacheState(PHYS_ADDRESS, LARGE_BLOCK, PAGE);
  const effects = new MachineEffects(setting, caches, new BusyHostPages(), timeline, new StageCounters());
  return { effects, flushed, tlbs };
}

describe('TLBs', () => {
  it('are flushed when the TLBI is paid for: of the VMID, of what an entry of its level covers, of a range', () => {
    const { effects, flushed, tlbs } = flushing(true);
    effects.tlbiVmid();
    // Without a level, of the page; the address may be anywhere in what the entry covers.
    for (const level of [0, 3, 2]) effects.tlbiIpa(BASE_IPA + BLOCK + PAGE + 8, level);
    effects.tlbiRange(BASE_IPA, 5);
    const block = BASE_IPA + BLOCK;
    expect(flushed.map(([flush, address, size]) => [flush, address, size])).toEqual([
      ['vmid', 0, 0],
      ['stage-2', block + PAGE, PAGE],
      ['stage-2', block + PAGE, PAGE],
      ['stage-2', block, BLOCK],
      ['stage-2', BASE_IPA, 5 * PAGE],
    ]);
    expect(flushed[0]?.[3]).toBe(1000 + COSTS.tlbiVmid);
    // Who listens does it, at its time.
    expect(tlbs.of.map(({ entries }) => entries)).toEqual([16, 16]);
  });

  it('are flushed at once where no guest runs that would notice, and on one core where no other hears it', () => {
    const { effects, tlbs } = flushing(false);
    effects.tlbiRange(BASE_IPA, 5);
    expect(tlbs.of.map(({ entries }) => entries)).toEqual([11, 11]);
    effects.tlbiIpa(BASE_IPA + BLOCK, 2);
    expect(tlbs.of.map(({ entries }) => entries)).toEqual([3, 3]);
    effects.tlbiVmid();
    expect(tlbs.of.map(({ entries }) => entries)).toEqual([0, 0]);
    for (const tlb of tlbs.of) tlb.used(BASE_IPA, PAGE, 2, PAGE, false);
    effects.tlbiIpaLocal();
    const how = tlbs.of.map((tlb) => (tlb.find(BASE_IPA, PAGE, 1), tlb.how));
    expect(how).toEqual([1, 2]);
  });
});

describe('a walk', () => {
  it('comes to a line once while it stays in it, and to a table page’s count each time', () => {
    const { effects, notes } = bench();
    const stepsOf = (reads: readonly number[]): number => {
      effects.operationEnded();
      const beganNs = notes.nowNs;
      for (const entry of reads) effects.descriptorsRead(1, entry);
      return (notes.nowNs - beganNs - reads.length * COSTS.descriptorRead) / COSTS.walkStep;
    };
    expect(stepsOf([8, 9, 15, 8])).toBeCloseTo(1, 6);
    expect(stepsOf([15, 16])).toBeCloseTo(2, 6);
    expect(stepsOf([8, 800, 9])).toBeCloseTo(3, 6);
    expect(stepsOf([-1, -1, 8])).toBeCloseTo(3, 6);
  });
});

describe('the caches', () => {
  it('hold what the host stored until the clean of it is done, and guests are looked at before either', () => {
    const { effects, notes, caches } = bench();
    effects.hostWrote(PHYS_ADDRESS + PAGE, 2 * PAGE);
    expect(caches.dirtyPagesIn(PHYS_ADDRESS, LARGE_BLOCK)).toBe(2);
    effects.dcacheClean(PHYS_ADDRESS, 2 * PAGE);
    expect(caches.dirtyPagesIn(PHYS_ADDRESS, LARGE_BLOCK)).toBe(1);
    const wroteNs = 1000 + 2 * LINES * COSTS.hostWriteLine;
    expect(notes.cachesChangedAt).toEqual([wroteNs, wroteNs + 2 * LINES * COSTS.cleanLine]);
  });
});

describe('a host page in the making', () => {
  it('is waited for to the moment, in a host fault of the waiter, before it is pinned', () => {
    const { effects, notes, busyPages } = bench();
    busyPages.occupy(PHYS_ADDRESS, PAGE, 5000.1);
    effects.hostPagePinned(PHYS_ADDRESS);
    expect(notes.nowNs).toBe(5000.1 + COSTS.hostPageFault + COSTS.faultPrepare);
    effects.hostPagePinned(PHYS_ADDRESS + PAGE);
    expect(notes.nowNs).toBe(5000.1 + COSTS.hostPageFault + COSTS.faultPrepare + COSTS.faultPrepare);
  });

  it('is counted: what its maker took, what others waited for it, and what of that was none of their own time', () => {
    const { effects, counters } = bench();
    effects.hostWrote(PHYS_ADDRESS, PAGE);
    const madeNs = LINES * COSTS.hostWriteLine;
    expect(counters).toMatchObject({ hostPageMakeNs: madeNs, hostPageWaitNs: 0 });
    expect(effects.waitedNs).toBe(0);
    effects.timeline.nowNs = 1000;
    effects.hostPagePinned(PHYS_ADDRESS);
    expect(counters.hostPageWaitNs).toBeCloseTo(madeNs, 9);
    expect(effects.waitedNs).toBeCloseTo(madeNs + COSTS.hostPageFault, 9);
  });

  it('is forgotten with the stations when nobody comes any more', () => {
    const { effects, notes, busyPages } = bench(undefined, { ...COSTS, dvmVmid: 9000 });
    busyPages.occupy(PHYS_ADDRESS, PAGE, 5000);
    effects.tlbiVmid();
    effects.forgetBefore(20_000);
    notes.nowNs = 1000;
    effects.tlbiVmid();
    expect(notes.nowNs).toBe(1000 + COSTS.tlbiVmid);
    expect(busyPages.readyAt(PHYS_ADDRESS, 0)).toBe(0);
  });

  it('is busy until the host has stored the last line of it', () => {
    const { effects, notes, busyPages } = bench();
    effects.hostWrote(PHYS_ADDRESS, PAGE);
    expect(busyPages.readyAt(PHYS_ADDRESS, 0)).toBe(notes.nowNs);
    expect(busyPages.readyAt(PHYS_ADDRESS + PAGE, 0)).toBe(0);
  });
});
