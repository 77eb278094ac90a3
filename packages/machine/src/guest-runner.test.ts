/** Runs of one to three vCPUs whose every nanosecond is added up by hand. */
import { describe, expect, it } from 'vitest';
import type { CellShape, PageLoop, TestCell } from '../test/cell.ts';
import { allRun, BLOCK, COSTS, FANOUT, loopsOf, makeCell, PAGE } from '../test/cell.ts';
import { INSTALL_FIRST_NO_CLEAN } from '../test/coalescing.ts';
import type { GuestStep, StageMeasurement } from './machine.ts';
import { accessTimes } from './memory-contention.ts';

const LINES = PAGE / 64;
const BLOCK_LINES = BLOCK / 64;
const [, ALONE = 0, OF_TWO = 0, OF_THREE = 0] = accessTimes(COSTS.guestAccess, COSTS.memoryService, 3);

/** A walk's look at one entry of a level above pages, or at one page. */
const LOOK = COSTS.walkStep + COSTS.descriptorRead;
/** From the abort until the lock is asked for, where the host page is there. */
const PREPARE = COSTS.exit / 2 + COSTS.faultPrepare;
const MAKE_TABLE = COSTS.tableAllocate + LINES * COSTS.hostWriteLine + COSTS.descriptorWrite + COSTS.reference;
const TLBI_IPA = COSTS.tlbiIpa;

/** What the first map of a block does: a look at the level above, which gets a table, and the block in it, cleaned. */
const MAP_BLOCK = LOOK + MAKE_TABLE + LOOK + BLOCK_LINES * COSTS.cleanLine + COSTS.descriptorWrite + COSTS.reference;
/** Two looks down to a block that stands already. */
const FIND_BLOCK = 2 * LOOK;
/** The host makes the memory of a block. */
const MAKE_BLOCK_MEMORY = COSTS.hostPageFault + BLOCK_LINES * COSTS.hostWriteLine;

function timed({ machine }: TestCell, step: GuestStep): StageMeasurement {
  machine.beginStage();
  machine.runGuests(step);
  return machine.endStage();
}

/** A cell of two blocks: the guest has written pages of it one by one, since writes were logged; they are no longer. */
function splitCell(pages: readonly PageLoop[], shape: Partial<CellShape> = {}): TestCell {
  const cell = makeCell({ memoryBytes: 2 * BLOCK, logging: true, ...shape });
  cell.machine.skipGuests(allRun(pages));
  cell.machine.runTask({ do: 'log-off', slot: cell.slot });
  return cell;
}

describe('a vCPU alone', () => {
  it('takes for the first touch of a block what its memory, its clean, its table and the way there cost', () => {
    const { timeNs, counters } = timed(makeCell(), loopsOf([{ page: 0, count: 1, write: true }]));
    const stallNs = PREPARE + MAKE_BLOCK_MEMORY + COSTS.lockAcquire + MAP_BLOCK + COSTS.markDirty + COSTS.exit / 2;
    expect(timeNs).toBeCloseTo(stallNs + ALONE, 6);
    expect(counters).toMatchObject({
      translationFaults: 1,
      permissionFaults: 0,
      spuriousFaults: 0,
      retriedFaults: 0,
      relaxed: 0,
      maps: 1,
      cleanedBytes: BLOCK,
      tablesAllocated: 1,
      tablesFreed: 0,
      lockWaitNs: COSTS.lockAcquire,
      windows: 0,
      staleReads: 0,
    });
    expect(counters.stalls.count).toBe(1);
    expect(Math.abs(counters.stalls.max / stallNs - 1)).toBeLessThan(1e-3);
  });

  it('reads what is mapped at the latency of memory, through as many loops as its program has', () => {
    const cell = makeCell();
    cell.machine.skipGuests(allRun([{ page: 0, count: 2 * FANOUT }]));
    const loops = [
      { page: 1, count: 3 },
      { page: 0, count: 0 },
      { page: 0, count: 2, strideBytes: BLOCK },
      { page: 2, count: 8, strideBytes: 64 },
    ];
    const { timeNs, counters } = timed(cell, loopsOf(loops));
    expect(timeNs).toBeCloseTo((3 + 2 + 8) * ALONE, 9);
    expect(counters.faults).toBe(0);
    expect(counters.stalls.count).toBe(0);
  });

  it('takes no time and no fault for a program of empty loops, or of none', () => {
    for (const loops of [
      [],
      [{ page: 0, count: 0 }],
      [
        { page: 0, count: 0, write: true },
        { page: 3, count: 0 },
      ],
    ]) {
      const { timeNs, counters } = timed(makeCell(), loopsOf(loops));
      expect([timeNs, counters.faults]).toEqual([0, 0]);
    }
  });

  it('makes a written page writable in place: three looks, a store, a TLBI', () => {
    const cell = splitCell([{ page: 0, count: FANOUT, write: true }]);
    cell.machine.runTask({ do: 'log-on', slot: cell.slot });
    const { timeNs, counters } = timed(cell, loopsOf([{ page: 3, count: 1, write: true }]));
    const relaxNs = COSTS.walkStep + 3 * COSTS.descriptorRead + COSTS.descriptorWrite + TLBI_IPA;
    const stallNs = PREPARE + COSTS.lockAcquire + relaxNs + COSTS.markDirty + COSTS.exit / 2;
    expect(timeNs).toBeCloseTo(stallNs + ALONE, 6);
    expect(counters).toMatchObject({ translationFaults: 0, permissionFaults: 1, relaxed: 1, maps: 0, tlbiIpa: 1 });
  });

  it('splits a block on a logged write: the window is from the break to the table', () => {
    const cell = makeCell();
    cell.machine.skipGuests(allRun([{ page: 0, count: 1, write: true }]));
    cell.machine.runTask({ do: 'log-on', slot: cell.slot });
    const { timeNs, counters } = timed(cell, loopsOf([{ page: 2, count: 1, write: true }]));
    const windowNs = COSTS.descriptorWrite + TLBI_IPA + COSTS.reference;
    const splitNs = 2 * LOOK + MAKE_TABLE + windowNs;
    const mapPageNs = LOOK + LINES * COSTS.cleanLine + COSTS.descriptorWrite + COSTS.reference;
    const stallNs = PREPARE + COSTS.lockAcquire + splitNs + mapPageNs + COSTS.markDirty + COSTS.exit / 2;
    expect(timeNs).toBeCloseTo(stallNs + ALONE, 6);
    expect(counters).toMatchObject({
      permissionFaults: 1,
      maps: 1,
      windows: 1,
      cleanedBytes: PAGE,
      tablesAllocated: 1,
    });
    expect(counters.totalWindowNs).toBeCloseTo(windowNs, 6);
    expect(counters.longestWindowNs).toBeCloseTo(windowNs, 6);
  });
});

describe('vCPUs that read mapped memory together', () => {
  it('slow each other down while they run, and no longer once one has ended', () => {
    const cell = makeCell({ vcpus: 3 });
    cell.machine.skipGuests(allRun([{ page: 0, count: 4 * FANOUT }]));
    const step = loopsOf([{ page: 0, count: 10 }], [{ page: 0, count: 4 }], [{ page: 0, count: 7 }]);
    const { timeNs } = timed(cell, step);
    expect(timeNs).toBeCloseTo(4 * OF_THREE + 3 * OF_TWO + 3 * ALONE, 6);
  });

  it('are far from it as soon as they are two, also while one of them runs alone', () => {
    const costs = { ...COSTS, farMemory: 29 };
    const stage = (vcpus: number): StageMeasurement => {
      const cell = makeCell({ costs, vcpus });
      cell.machine.skipGuests(allRun([{ page: 0, count: 4 * FANOUT }]));
      return timed(cell, loopsOf([{ page: 0, count: 10 }]));
    };
    expect(stage(1).timeNs).toBeCloseTo(10 * COSTS.guestAccess, 6);
    expect(stage(1).chargedNs.farMemory).toBe(0);
    expect(stage(2).timeNs).toBeCloseTo(10 * (COSTS.guestAccess + 29), 6);
    expect(stage(2).chargedNs.guestAccess).toBeCloseTo(10 * COSTS.guestAccess, 6);
    expect(stage(2).chargedNs.farMemory).toBeCloseTo(10 * 29, 6);
  });

  it('are not slowed down by one that is in the host', () => {
    const cell = makeCell({ vcpus: 2, memoryBytes: 2 * BLOCK });
    cell.machine.skipGuests(allRun([{ page: 0, count: 1 }]));
    // The first map of the second block needs no table, and takes far longer than the other one's accesses.
    const { timeNs, counters } = timed(cell, loopsOf([{ page: 0, count: 5 }], [{ page: FANOUT, count: 1 }]));
    const mapNs = 2 * LOOK + BLOCK_LINES * COSTS.cleanLine + COSTS.descriptorWrite + COSTS.reference;
    const stallNs = PREPARE + MAKE_BLOCK_MEMORY + COSTS.lockAcquire + mapNs + COSTS.exit / 2;
    expect(timeNs).toBeCloseTo(stallNs + ALONE, 6);
    expect(counters.stalls.count).toBe(1);
  });
});

describe('two vCPUs that touch one new block at once', () => {
  it('take turns: the second waits for the memory in a host fault of its own, then for the lock, and finds the work done', () => {
    const { timeNs, counters } = timed(makeCell({ vcpus: 2 }), allRun([{ page: 0, count: 1, write: true }]));
    const madeNs = COSTS.exit / 2 + MAKE_BLOCK_MEMORY;
    const askedNs = madeNs + COSTS.faultPrepare;
    const mappedNs = askedNs + COSTS.lockAcquire + MAP_BLOCK;
    const askedSecondNs = madeNs + COSTS.hostPageFault + COSTS.faultPrepare;
    const grantedSecondNs = mappedNs + COSTS.lockHandover;
    const foundNs = grantedSecondNs + FIND_BLOCK;
    const backNs = foundNs + COSTS.exit / 2;
    // The first one's access is long over when the second one comes back.
    expect(timeNs).toBeCloseTo(backNs + ALONE, 6);
    expect(counters).toMatchObject({ translationFaults: 2, spuriousFaults: 1, maps: 1, cleanedBytes: BLOCK });
    expect(counters.lockWaitNs).toBeCloseTo(COSTS.lockAcquire + grantedSecondNs - askedSecondNs, 6);
    expect(counters.stalls.count).toBe(2);
    expect(Math.abs(counters.stalls.max / backNs - 1)).toBeLessThan(1e-3);
    const firstBackNs = mappedNs + COSTS.markDirty + COSTS.exit / 2;
    expect(Math.abs(counters.stalls.min / firstBackNs - 1)).toBeLessThan(1e-3);
  });
});

describe('a loop whose mapping is taken away', () => {
  // vCPU 0 reads the first block four times a page and then the second; vCPU 1 makes the second a block meanwhile.
  const PER_PAGE = 4;
  const reads = { page: 0, count: (2 * FANOUT - 1) * PER_PAGE, strideBytes: PAGE / PER_PAGE };
  const missing = { page: 2 * FANOUT - 1, count: 1 };
  const present = [
    { page: 0, count: FANOUT, write: true },
    { page: FANOUT, count: FANOUT - 1, write: true },
  ];
  const flushNs = COSTS.tlbiVmid;
  const brokenNs = PREPARE + COSTS.lockAcquire + 2 * LOOK;
  const dropNs = COSTS.walkStep + FANOUT * COSTS.descriptorRead + (FANOUT - 1) * COSTS.reference;
  const freeNs = COSTS.reference + COSTS.tableFree + COSTS.reference;
  const cleanNs = BLOCK_LINES * COSTS.cleanLine;
  const windowNs = COSTS.descriptorWrite + flushNs + dropNs + freeNs + cleanNs;
  const madeNs = brokenNs + windowNs + COSTS.descriptorWrite + COSTS.reference;

  it('goes on to its first access there, faults, waits, and ends where it was', () => {
    const { timeNs, counters } = timed(splitCell(present, { vcpus: 2 }), loopsOf([reads], [missing]));
    const faultNs = FANOUT * PER_PAGE * ALONE;
    expect(brokenNs).toBeLessThan(faultNs);
    expect(faultNs).toBeLessThan(brokenNs + windowNs);

    const grantedNs = madeNs + COSTS.lockHandover;
    const backNs = grantedNs + FIND_BLOCK + COSTS.exit / 2;
    // vCPU 1 is back and has done its access before that.
    expect(madeNs + COSTS.markDirty + COSTS.exit / 2 + ALONE).toBeLessThan(backNs);
    expect(timeNs).toBeCloseTo(backNs + (FANOUT - 1) * PER_PAGE * ALONE, 6);
    expect(counters).toMatchObject({
      translationFaults: 2,
      spuriousFaults: 1,
      maps: 1,
      tlbiVmid: 1,
      tablesFreed: 1,
      windows: 1,
    });
    expect(counters.totalWindowNs).toBeCloseTo(windowNs, 6);
    expect(counters.lockWaitNs).toBeCloseTo(COSTS.lockAcquire + grantedNs - (faultNs + PREPARE), 6);
    expect(Math.abs(counters.stalls.min / (backNs - faultNs) - 1)).toBeLessThan(1e-3);
  });

  it('is not touched where it has passed the place already', () => {
    // The second block first, then the first one, which stays as it is.
    const loops = [
      { page: FANOUT, count: FANOUT - 1 },
      { page: 0, count: 200, strideBytes: 64 },
    ];
    const { timeNs, counters } = timed(splitCell(present, { vcpus: 2 }), loopsOf(loops, [missing]));
    // While vCPU 1 is back for its one access, both run.
    const backNs = madeNs + COSTS.markDirty + COSTS.exit / 2;
    expect((FANOUT - 1) * ALONE).toBeLessThan(brokenNs);
    expect(backNs + OF_TWO).toBeLessThan((FANOUT - 1 + 200) * ALONE);
    expect(timeNs).toBeCloseTo((FANOUT - 1 + 200) * ALONE + OF_TWO - ALONE, 6);
    expect(counters).toMatchObject({ translationFaults: 1, spuriousFaults: 0, windows: 1 });
  });

  it('stops at a single page that its wide strides come to', () => {
    // All pages are the zero page. vCPU 1 writes to one: the notifier takes it away until the copy stands in its place.
    const cell = makeCell({ vcpus: 2, backing: 'anonymous', memoryBytes: 8 * BLOCK });
    cell.machine.skipGuests(allRun([{ page: 0, count: 8 * FANOUT }]));
    const write = { page: 60, count: 1, write: true };
    const { counters } = timed(cell, loopsOf([{ page: 0, count: 21, strideBytes: 3 * PAGE }], [write]));
    const copiedNs = COSTS.exit / 2 + COSTS.hostPageFault + LINES * COSTS.hostWriteLine;
    const takenNs = copiedNs + COSTS.lockAcquire + 3 * LOOK;
    expect(20 * ALONE).toBeGreaterThan(takenNs);
    expect(20 * ALONE).toBeLessThan(takenNs + TLBI_IPA);
    // The lock comes to vCPU 0 while the host is not done yet: it has to fault again. vCPU 1 never finds nothing there.
    expect(counters.translationFaults).toBe(2);
    expect(counters.retriedFaults).toBeGreaterThan(0);
  });

  it('goes on at once where the access is still allowed', () => {
    // vCPU 1 makes a page writable that vCPU 0 only reads.
    const cell = splitCell([{ page: 0, count: 2 * FANOUT, write: true }], { vcpus: 2 });
    cell.machine.runTask({ do: 'log-on', slot: cell.slot });
    const steady = { page: 0, count: 16 * FANOUT, strideBytes: PAGE / 16 };
    const { timeNs, counters } = timed(cell, loopsOf([steady], [{ page: FANOUT - 1, count: 1, write: true }]));
    expect(timeNs).toBeCloseTo((16 * FANOUT - 1) * ALONE + OF_TWO, 6);
    expect(counters).toMatchObject({ translationFaults: 0, permissionFaults: 1, relaxed: 1 });
  });
});

describe('what a guest reads with its caches off', () => {
  it('is stale at the time of the read, whatever is cleaned before its loop stops', () => {
    // Four blocks, of which the first misses its first page. The host then stores to the first block, past the guest.
    const cell = splitCell([{ page: 1, count: 4 * FANOUT - 1, write: true }], {
      memoryBytes: 4 * BLOCK,
      vcpus: 2,
      guestCaches: false,
      strategy: INSTALL_FIRST_NO_CLEAN,
      kernel: 'v5.11',
    });
    cell.machine.runHost(() => cell.vm.effects.hostWrote(cell.slot.backing.physAddressOf(0), BLOCK));
    // vCPU 0 has read the first block, three times a page, before vCPU 1 cleans it, and reads on long after.
    const reads = { page: 1, count: 31 * 4, strideBytes: PAGE / 4 };
    const later = { page: 2 * FANOUT, count: 16, strideBytes: 64 };
    const { counters } = timed(cell, loopsOf([reads], [later, { page: 0, count: 1 }]));
    expect(counters.cleanedBytes).toBe(BLOCK);
    expect(counters.translationFaults).toBe(1);
    expect(counters.staleReads).toBe((FANOUT - 1) * 4);
  });

  it('is nothing that concerns a guest with its caches on, or a machine with FWB', () => {
    for (const shape of [{ guestCaches: true }, { guestCaches: false, fwb: true }]) {
      const cell = makeCell(shape);
      cell.machine.skipGuests(allRun([{ page: 0, count: FANOUT, write: true }]));
      cell.machine.runHost(() => cell.vm.effects.hostWrote(cell.slot.backing.physAddressOf(0), BLOCK));
      expect(timed(cell, loopsOf([{ page: 0, count: FANOUT }])).counters.staleReads).toBe(0);
    }
  });
});
