/** What TLBs do to a guest: when it stops, and what its accesses take. Every nanosecond is added up by hand. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessTimes } from '../src/memory-contention.ts';
import { arbitraryStory, tell } from './arbitrary.ts';
import type { CellShape, PageLoop, TestCell } from './cell.ts';
import { allRun, BASE_IPA, BLOCK, COSTS, FANOUT, loopsOf, makeCell, PAGE } from './cell.ts';

const [READ, LINE] = [3, 64];
const WALKS = { ...COSTS, guestWalkRead: READ, guestWalkLine: LINE };
/** Levels of stage 1 for pages of 4K. */
const STAGE_1 = 4;
/** The walk that is part of an access: stage 1, and a block at the level at which tables begin. */
const INCLUDED = (STAGE_1 + 1) * READ + (1 / 8 + 1 / (8 * FANOUT * FANOUT)) * LINE;
/** An access from page to page through a page, and through a block of eight. */
const BY_PAGE = COSTS.guestAccess - INCLUDED + (STAGE_1 + 3) * READ + (1 / 8 + 1 / 8) * LINE;
const BY_BLOCK = COSTS.guestAccess - INCLUDED + (STAGE_1 + 2) * READ + (1 / 8 + 1 / (8 * FANOUT)) * LINE;
const HIT = COSTS.guestAccess - INCLUDED;
const STAGE_1_AGAIN = HIT + STAGE_1 * READ;

function split(shape: Partial<CellShape>, pages: readonly PageLoop[]): TestCell {
  const cell = makeCell({ memoryBytes: 4 * BLOCK, logging: true, costs: WALKS, tlbEntries: 64, ...shape });
  cell.machine.skipGuests(allRun(pages));
  cell.machine.runTask({ do: 'log-off', slot: cell.slot });
  cell.machine.runHost(() => cell.vm.effects.tlbiVmid());
  return cell;
}

function passNs({ machine }: TestCell, ...loops: PageLoop[]): number {
  machine.beginStage();
  machine.runGuests(loopsOf(loops));
  const { timeNs, chargedNs } = machine.endStage();
  expect(Object.values(chargedNs).reduce((sum, ns) => sum + ns, 0)).toBeCloseTo(timeNs, 6);
  return timeNs;
}

describe('an access of a guest', () => {
  const all = { page: 0, count: 4 * FANOUT };
  const written = { ...all, write: true };

  it('walks fewer levels, and brings fewer lines, through a block than through pages', () => {
    expect(passNs(split({}, [written]), all)).toBeCloseTo(all.count * BY_PAGE, 6);
    const blocks = makeCell({ costs: WALKS, tlbEntries: 64 });
    blocks.machine.skipGuests(allRun([all]));
    blocks.machine.runHost(() => blocks.vm.effects.tlbiVmid());
    expect(passNs(blocks, all)).toBeCloseTo(all.count * BY_BLOCK, 6);
    expect(BY_BLOCK).toBeLessThan(BY_PAGE);
  });

  it('walks once for each page that it comes to several times', () => {
    const often = { page: 0, count: 8 * 4, strideBytes: PAGE / 4 };
    const reads = (STAGE_1 + 3) / 4;
    const ns = COSTS.guestAccess - INCLUDED + reads * READ + (LINE * 2) / 8 / 4;
    expect(passNs(split({}, [written]), often)).toBeCloseTo(often.count * ns, 6);
  });

  it('walks no more where all pages fit, and each time where one does not', () => {
    const fits = split({ tlbEntries: all.count }, [written]);
    expect(passNs(fits, all, all, all)).toBeCloseTo(all.count * (BY_PAGE + 2 * HIT), 6);
    const tooSmall = split({ tlbEntries: all.count - 1 }, [written]);
    expect(passNs(tooSmall, all, all, all)).toBeCloseTo(3 * all.count * BY_PAGE, 6);
  });

  it('walks again after a TLBI of the VMID, and stage 1 alone after one by IPA or range elsewhere', () => {
    const cell = split({}, [written]);
    const half = { page: 0, count: 2 * FANOUT };
    passNs(cell, half);
    expect(passNs(cell, half)).toBeCloseTo(half.count * HIT, 6);
    cell.machine.runHost(() => cell.vm.effects.tlbiVmid());
    expect(passNs(cell, half)).toBeCloseTo(half.count * BY_PAGE, 6);
    cell.machine.runHost(() => cell.vm.effects.tlbiIpa(BASE_IPA + 3 * BLOCK, 2));
    expect(passNs(cell, half)).toBeCloseTo(half.count * STAGE_1_AGAIN, 6);
    // A range takes what it covers with it.
    cell.machine.runHost(() => cell.vm.effects.tlbiRange(BASE_IPA, FANOUT));
    expect(passNs(cell, half)).toBeCloseTo(FANOUT * (BY_PAGE + STAGE_1_AGAIN), 6);
  });
});

describe('a guest whose entry is broken', () => {
  const present = [{ page: 0, count: 2 * FANOUT - 1, write: true }];
  const hot = { page: FANOUT, count: FANOUT - 1 };
  const [, ALONE = 0] = accessTimes(COSTS.guestAccess, COSTS.memoryService, 2);
  const look = COSTS.walkStep + COSTS.descriptorRead;
  const askedNs = COSTS.exit / 2 + COSTS.faultPrepare;
  const brokenNs = askedNs + COSTS.lockAcquire + 2 * look;
  const flushedNs = brokenNs + COSTS.descriptorWrite + COSTS.tlbiVmid;

  /** When the vCPU that goes over seven pages again and again asks for the lock that the other one coalesces them under. */
  function faultNs(tlbEntries: number): number {
    const cell = split({ costs: COSTS, tlbEntries, vcpus: 2 }, present);
    cell.machine.beginStage();
    const times = 100;
    const again = Array.from({ length: times }, () => hot);
    cell.machine.runGuests(loopsOf(again, [{ page: 2 * FANOUT - 1, count: 1 }]));
    const { counters } = cell.machine.endStage();
    expect(counters).toMatchObject({ translationFaults: 2, spuriousFaults: 1, tlbiVmid: 1 });
    // It is granted when the block stands.
    const dropNs = COSTS.walkStep + FANOUT * COSTS.descriptorRead + (FANOUT - 1) * COSTS.reference;
    const freeNs = COSTS.reference + COSTS.tableFree + COSTS.reference;
    const madeNs =
      flushedNs + dropNs + freeNs + (BLOCK / 64) * COSTS.cleanLine + COSTS.descriptorWrite + COSTS.reference;
    return madeNs + COSTS.lockHandover - (counters.lockWaitNs - COSTS.lockAcquire) - askedNs;
  }

  it('runs on with what it has used, until the TLBI is complete', () => {
    expect(faultNs(64)).toBeCloseTo(Math.ceil(flushedNs / ALONE) * ALONE, 6);
  });

  it('stops at the break where its TLBs hold less than it needs, or nothing', () => {
    const atBreakNs = Math.ceil(brokenNs / ALONE) * ALONE;
    expect(faultNs(FANOUT - 2)).toBeCloseTo(atBreakNs, 6);
    expect(faultNs(0)).toBeCloseTo(atBreakNs, 6);
  });
});

describe('TLBs without entries', () => {
  it('change nothing at all', () => {
    fc.assert(
      fc.property(arbitraryStory, ({ shape, happenings }) => {
        const stages = (tlb: Partial<CellShape>): unknown => {
          const cell = makeCell({ ...shape, ...tlb });
          return happenings.map((happening) => {
            cell.machine.beginStage();
            tell(cell.machine, cell, happening);
            const { timeNs, counters, chargedNs, sampled } = cell.machine.endStage();
            const { stalls, ...counts } = counters;
            return { timeNs, counts, chargedNs, sampled, stalls: [stalls.count, stalls.mean, stalls.max] };
          });
        };
        expect(stages({ tlbEntries: 0 })).toEqual(stages({}));
      }),
      { numRuns: 30 },
    );
  });
});
