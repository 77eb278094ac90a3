/** A sampled step against the same step fault by fault. */
import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { StageMeasurement } from '../src/machine.ts';
import { COST_NAMES } from '../src/profile.ts';
import { leavesOf } from './cell.ts';
import type { Pattern, SampledStory } from './patterns.ts';
import { prepare, stepOf, storiesOf } from './patterns.ts';

/** Sums of the same costs in another order. */
export const ROUNDING = 1e-11;

const COUNTS = [
  'translationFaults',
  'permissionFaults',
  'spuriousFaults',
  'retriedFaults',
  'relaxed',
  'maps',
  'tlbiVmid',
  'tlbiIpa',
  'cleanedBytes',
  'icacheBytes',
  'tablesAllocated',
  'tablesFreed',
  'windows',
  'staleReads',
] as const;

/** Runs a story, sampled or not: what was measured, and the tables that it leaves. */
export function run(story: SampledStory, exact: boolean): { measured: StageMeasurement; tables: unknown } {
  const cell = prepare(story, exact);
  cell.machine.runGuests(stepOf(story));
  return { measured: cell.machine.endStage(), tables: [leavesOf(cell), cell.vm.table.arena.livePages] };
}

function countsOf({ counters }: StageMeasurement): number[] {
  return COUNTS.map((name) => counters[name]);
}

/** Costs of which a sampled stage says by more than a hundredth of all that was charged something else than an exact one. */
function misjudged(sampled: StageMeasurement, exact: StageMeasurement): unknown[] {
  const allNs = Object.values(exact.chargedNs).reduce((sum, ns) => sum + ns, 0);
  return COST_NAMES.filter((name) => Math.abs(sampled.chargedNs[name] - exact.chargedNs[name]) > allNs / 100).map(
    (name) => ({ name, sampledNs: sampled.chargedNs[name], exactNs: exact.chargedNs[name], allNs }),
  );
}

/**
 * Wants a sampled step to say what the same step says fault by fault, but for its time.
 *
 * @param cells - drawn of the pattern
 * @returns of each step that was long enough to be sampled: how far its time is off, as a part of its bound
 */
export function holdPattern(pattern: Pattern, cells: number): readonly number[] {
  const stories = fc.sample(storiesOf(pattern), { numRuns: cells, seed: 2021 });
  const partsOfBound: number[] = [];
  for (const story of stories) {
    const [sampled, exact] = [run(story, false), run(story, true)];
    expect(sampled.tables).toEqual(exact.tables);
    expect(countsOf(sampled.measured)).toEqual(countsOf(exact.measured));
    const { sampled: sampling, timeNs, counters } = sampled.measured;
    const expected = exact.measured;
    const off = Math.abs(timeNs - expected.timeNs) / timeNs;
    if (sampling === undefined) expect(off).toBeLessThanOrEqual(ROUNDING);
    expect(counters.longestWindowNs).toBeCloseTo(expected.counters.longestWindowNs, 3);
    expect(counters.totalWindowNs / (expected.counters.totalWindowNs || 1)).toBeCloseTo(counters.windows ? 1 : 0, 2);
    expect(misjudged(sampled.measured, expected)).toEqual([]);
    // Whoever waits with others may wait a little more or less than alone: never another order of magnitude.
    expect(Math.abs(counters.stalls.max / expected.counters.stalls.max - 1)).toBeLessThan(0.2);
    if (sampling === undefined) continue;
    partsOfBound.push(off <= ROUNDING ? 0 : off / sampling.errorBound);
    expect(sampling.errorBound).toBeLessThan(0.06);
    expect(sampling.fraction).toBeLessThan(1);
  }
  return partsOfBound;
}
