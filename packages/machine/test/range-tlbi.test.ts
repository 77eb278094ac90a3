/** What TLBIs by range change: an unmap that defers them, with the costs of a profile that has them. */
import { describe, expect, it } from 'vitest';
import { allRun, BLOCK, type CellShape, COSTS, LARGE_BLOCK, makeCell } from './cell.ts';
import { BREAK_FIRST } from './coalescing.ts';

const RANGE = 50_000;
const BLOCKS = (4 * LARGE_BLOCK) / BLOCK;

/** Nanoseconds and TLBIs of an unmap of all memory, in blocks. */
function unmapped(kernel: string, rangeTlbi: boolean, more: Partial<CellShape> = {}) {
  const costs = { ...COSTS, tlbiRange: RANGE };
  const cell = makeCell({
    kernel,
    costs,
    strategy: BREAK_FIRST,
    memoryBytes: BLOCKS * BLOCK,
    fwb: true,
    rangeTlbi,
    ...more,
  });
  cell.machine.skipGuests(allRun([{ page: 0, count: BLOCKS, write: true, strideBytes: BLOCK }]));
  cell.machine.beginStage();
  cell.machine.run({ kind: 'host', do: 'unmap' }, true);
  const { timeNs, counters, chargedNs } = cell.machine.endStage();
  return { timeNs, chargedNs, byIpa: counters.tlbiIpa, byRange: counters.tlbiRange };
}

describe('an unmap', () => {
  it('invalidates each block by IPA up to v6.5, and each part by range from v6.6 on', () => {
    const [before, after] = [unmapped('v6.5', true), unmapped('v6.6', true)];
    expect([before.byRange, after.byIpa]).toEqual([0, 0]);
    expect(before.byIpa).toBeGreaterThanOrEqual(BLOCKS);
    expect(after.byRange).toBeGreaterThan(0);
    expect(after.byRange).toBeLessThan(BLOCKS / 4);
    const savedNs = before.byIpa * COSTS.tlbiIpa;
    expect(before.timeNs - after.timeNs).toBeCloseTo(savedNs - after.byRange * RANGE, 4);
    expect(after.chargedNs.tlbiRange).toBeCloseTo(after.byRange * RANGE, 4);
  });

  it('pays for each page that an operation names, where the profile gives that a cost', () => {
    const perPage = { costs: { ...COSTS, tlbiRange: RANGE, tlbiRangePage: 2 } };
    const [without, withPages] = [unmapped('v6.6', true), unmapped('v6.6', true, perPage)];
    const pages = BLOCKS * (BLOCK / 4096);
    expect(withPages.timeNs - without.timeNs).toBeCloseTo(2 * pages, 4);
    expect(withPages.chargedNs.tlbiRangePage).toBeCloseTo(2 * pages, 4);
  });

  it('does not without the feature, or without FWB', () => {
    for (const cell of [unmapped('v6.6', false), unmapped('v6.6', true, { fwb: false })]) {
      expect(cell.byRange).toBe(0);
      expect(cell.byIpa).toBeGreaterThanOrEqual(BLOCKS);
    }
  });
});
