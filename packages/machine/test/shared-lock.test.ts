/** Faults that share mmu_lock, from v6.2 on: what overlaps, who loses, what becomes of what they leave. */
import { describe, expect, it } from 'vitest';
import type { StageMeasurement } from '../src/machine.ts';
import {
  allRun,
  BLOCK,
  type CellShape,
  COSTS,
  FANOUT,
  LARGE_BLOCK,
  leavesOf,
  loopsOf,
  makeCell,
  type TestCell,
} from './cell.ts';
import { BREAK_FIRST } from './coalescing.ts';

const SHAPE: Partial<CellShape> = { kernel: 'v6.12', strategy: BREAK_FIRST, memoryBytes: 8 * BLOCK };

function timed(cell: TestCell, step: Parameters<TestCell['machine']['runGuests']>[0]): StageMeasurement {
  cell.machine.beginStage();
  cell.machine.runGuests(step);
  return cell.machine.endStage();
}

/** Time of `vcpus` vCPUs that each touch pages of their own, in tables of their own. */
function apart(vcpus: number, kernel: string): StageMeasurement {
  const cell = makeCell({ ...SHAPE, kernel, vcpus, backing: 'anonymous', memoryBytes: 4 * LARGE_BLOCK });
  const loops = Array.from({ length: vcpus }, (_, vcpu) => [{ page: vcpu * FANOUT ** 2, count: FANOUT, write: true }]);
  return timed(cell, loopsOf(...loops));
}

describe('faults of several vCPUs', () => {
  it('take as long beside each other as one alone where they meet nowhere, and longer under an exclusive lock', () => {
    const [alone, beside, exclusive] = [apart(1, 'v6.12'), apart(4, 'v6.12'), apart(4, 'v6.12?map-lock=exclusive')];
    expect(beside.counters.lockWaitNs).toBeCloseTo(4 * FANOUT * COSTS.lockAcquire, 6);
    expect(beside.counters.spuriousFaults).toBe(alone.counters.spuriousFaults);
    expect(exclusive.timeNs).toBeGreaterThan(1.5 * beside.timeNs);
  });

  it('map each page once, whoever wins, and leave the same tables as one vCPU does', () => {
    const run = (vcpus: number): { leaves: string; maps: number } => {
      const cell = makeCell({ ...SHAPE, vcpus, logging: true });
      const { counters } = timed(cell, allRun([{ page: 0, count: 8 * FANOUT, write: true }]));
      return { leaves: leavesOf(cell), maps: counters.maps };
    };
    expect(run(16)).toEqual(run(1));
    expect(run(3).maps).toBe(8 * FANOUT);
  });

  it('come back to a block that another one makes until it stands, and are stopped for as long', () => {
    const cell = makeCell({ ...SHAPE, vcpus: 4, logging: true });
    cell.machine.skipGuests(allRun([{ page: 0, count: 8 * FANOUT, write: true }]));
    cell.slot.logging = false;
    cell.machine.beginStage();
    for (const slot of cell.vm.slots) cell.machine.runTask({ do: 'log-off', slot });
    cell.machine.runTask({ do: 'unmap', ipa: cell.slot.baseIpa, sizeBytes: 4096 });
    const { counters } = timed(cell, allRun([{ page: 0, count: 1 }]));
    const cleanNs = (BLOCK / 64) * COSTS.cleanLine;
    expect(counters.maps).toBe(1);
    expect(counters.windows).toBe(1);
    expect(counters.longestWindowNs).toBeGreaterThan(cleanNs);
    expect(counters.spuriousFaults).toBeGreaterThanOrEqual(3);
    expect(counters.stalls.count).toBe(4);
    // The table that was unlinked is freed, by whoever comes after its grace period or at the end.
    expect(counters.tablesFreed).toBe(1);
    expect(cell.vm.code.unlinkedTables).toBe(0);
  });
});

describe('a sampled step', () => {
  /** Pages that all vCPUs write, one after the other, in the way in which a block is made or mapped page by page. */
  const run = (exact: boolean, vcpus: number, logging: boolean): StageMeasurement => {
    const cell = makeCell({ ...SHAPE, vcpus, exact, logging, memoryBytes: 768 * BLOCK, faultBudget: 600 });
    return timed(cell, allRun([{ page: 0, count: 768 * FANOUT, write: true }]));
  };

  it.each([
    [1, true],
    [16, true],
    [16, false],
  ])('of %i vCPUs comes to what fault by fault it is, within its bound (pages: %s)', (vcpus, logging) => {
    const [sampled, exact] = [run(false, vcpus, logging), run(true, vcpus, logging)];
    const off = Math.abs(sampled.timeNs - exact.timeNs) / exact.timeNs;
    expect(off).toBeLessThanOrEqual((sampled.sampled?.errorBound ?? 0) + 1e-9);
    expect(sampled.sampled === undefined || sampled.sampled.errorBound < 0.05).toBe(true);
    expect(sampled.counters.maps).toBe(exact.counters.maps);
    expect(Math.abs(sampled.counters.faults / exact.counters.faults - 1)).toBeLessThan(0.01);
    expect(sampled.counters.faults - sampled.counters.spuriousFaults).toBe(exact.counters.maps);
  });
});
