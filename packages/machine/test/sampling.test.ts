/** Sampled steps against the same steps fault by fault. */
import { describe, expect, it } from 'vitest';
import { allRun, BLOCK, COSTS, FANOUT, makeCell, PAGE } from './cell.ts';
import { holdPattern, ROUNDING, run } from './hold-pattern.ts';
import type { SampledStory } from './patterns.ts';
import { PATTERNS, prepare, STEP_ACCESSES } from './patterns.ts';

/** Of each pattern; sampling.exhaustive.test.ts holds more. */
const CELLS = 4;

describe('a step of which a part is sampled', () => {
  it.each(PATTERNS)('says of %s what every fault says, its time within its bound', (pattern) => {
    const partsOfBound = holdPattern(pattern, CELLS);
    expect(partsOfBound.length).toBeGreaterThanOrEqual(CELLS / 2);
    expect(Math.max(...partsOfBound)).toBeLessThanOrEqual(1);
  });
});

describe('what a sample cannot hold', () => {
  // Every page is there but those of one block, near the end, which the host has to make.
  const late: SampledStory = {
    pattern: 'touch',
    shape: { vcpus: 3, faultBudget: 500, guestCaches: false, costs: { ...COSTS, hostWriteLine: 300 } },
    absentBlocks: [STEP_ACCESSES / FANOUT - 2],
  };

  it('is in the longest stall, in the time, and in the bound', () => {
    const [{ measured: sampled }, { measured: exact }] = [run(late, false), run(late, true)];
    const making = run({ ...late, absentBlocks: [] }, true).measured;
    expect(exact.counters.stalls.max).toBeGreaterThan(1.2 * making.counters.stalls.max);
    expect(sampled.counters.stalls.max / exact.counters.stalls.max).toBeCloseTo(1, 1);
    const rareNs = exact.timeNs - making.timeNs;
    expect(Math.abs(sampled.timeNs - exact.timeNs)).toBeLessThan(rareNs / 4);
    expect((sampled.sampled?.errorBound ?? 0) * sampled.timeNs).toBeGreaterThan(rareNs / 2);
  });

  it('is among the stale reads of all vCPUs', () => {
    const stale = (exact: boolean): number => {
      const { machine, vm, slot } = prepare(late, exact);
      machine.skipGuests(allRun([{ page: STEP_ACCESSES - 20, count: 20 }]));
      machine.runHost(() => vm.effects.hostWrote(slot.backing.physAddress + (STEP_ACCESSES - 20) * PAGE, 5 * PAGE));
      machine.beginStage();
      machine.runGuests(allRun([{ page: 0, count: STEP_ACCESSES }]));
      const { counters, sampled } = machine.endStage();
      expect(sampled === undefined).toBe(exact);
      return counters.staleReads;
    };
    expect(stale(false)).toBe(stale(true));
    expect(stale(true)).toBe(3 * 5);
  });
});

describe('the part that is sampled', () => {
  const touch = allRun([{ page: 0, count: STEP_ACCESSES, write: true }]);
  const memoryBytes = STEP_ACCESSES * PAGE;

  it('is everything where the machine is to be exact, or the budget is not used up', () => {
    for (const shape of [
      { exact: true, faultBudget: 100 },
      { exact: false, faultBudget: STEP_ACCESSES + 1 },
      { exact: false },
    ]) {
      const { machine } = makeCell({ ...shape, memoryBytes, logging: true });
      machine.beginStage();
      machine.runGuests(touch);
      expect(machine.endStage().sampled).toBeUndefined();
    }
  });

  it('is that of the whole stage, of all its steps', () => {
    const { machine } = makeCell({ exact: false, vcpus: 2, faultBudget: 500, memoryBytes, logging: true });
    machine.beginStage();
    machine.runGuests(touch);
    const one = machine.endStage();
    // Reads of what is mapped raise no fault and are simulated to their end.
    machine.runGuests(allRun([{ page: 0, count: STEP_ACCESSES }]));
    const both = machine.endStage();
    const [fraction, bothFraction] = [one.sampled?.fraction ?? NaN, both.sampled?.fraction ?? NaN];
    expect(bothFraction).toBeCloseTo((1 + fraction) / 2, 9);
    expect((both.sampled?.errorBound ?? NaN) * both.timeNs).toBeCloseTo(
      (one.sampled?.errorBound ?? NaN) * one.timeNs,
      3,
    );
  });

  it('adds the bounds of its steps up', () => {
    const bounds = (steps: number): number[] => {
      const { machine } = makeCell({ exact: false, vcpus: 2, faultBudget: 500, memoryBytes, logging: true });
      return Array.from({ length: steps }, () => {
        machine.runGuests(touch);
        const { sampled, timeNs } = machine.endStage();
        // Write-protected again, every page faults in the next step too.
        machine.run({ kind: 'host', do: 'collect-log' }, true);
        return (sampled?.errorBound ?? NaN) * timeNs;
      });
    };
    const [first = NaN, both = NaN] = bounds(2);
    const { machine } = makeCell({ exact: false, vcpus: 2, faultBudget: 500, memoryBytes, logging: true });
    machine.runGuests(touch);
    machine.run({ kind: 'host', do: 'collect-log' }, true);
    machine.beginStage();
    machine.runGuests(touch);
    const { sampled, timeNs } = machine.endStage();
    const second = (sampled?.errorBound ?? NaN) * timeNs;
    expect(Math.min(first, second)).toBeGreaterThan(0);
    expect(both / (first + second)).toBeCloseTo(1, 9);
  });

  it('ends at whole periods: as many faults are simulated as the batches hold', () => {
    const { machine } = makeCell({ exact: false, vcpus: 1, faultBudget: 500, memoryBytes, logging: true });
    machine.beginStage();
    machine.runGuests(allRun([{ page: 0, count: STEP_ACCESSES, write: true }], 3 * FANOUT));
    // 22 periods of 24 are the first that hold 512 accesses; eleven batches are a start-up and ten to estimate from.
    expect(machine.endStage().sampled?.fraction).toBeCloseTo((11 * 22 * 24) / STEP_ACCESSES, 9);
    expect(BLOCK).toBe(FANOUT * PAGE);
  });

  it('has an error bound of nothing for a vCPU alone: its time is what its work costs', () => {
    const shape = { vcpus: 1, faultBudget: 500, memoryBytes, logging: true };
    const [sampled, exact] = [false, true].map((exactly) => {
      const { machine } = makeCell({ ...shape, exact: exactly });
      machine.beginStage();
      machine.runGuests(touch);
      return machine.endStage();
    });
    expect(sampled?.sampled?.errorBound).toBe(0);
    expect(Math.abs((sampled?.timeNs ?? NaN) / (exact?.timeNs ?? NaN) - 1)).toBeLessThan(ROUNDING);
  });
});
