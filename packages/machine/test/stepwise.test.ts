/** The machine against the {@link StepwiseMachine}: whatever happens, both say the same. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StageMeasurement } from '../src/machine.ts';
import type { Story } from './arbitrary.ts';
import { arbitraryStory, tell } from './arbitrary.ts';
import { leavesOf, makeCell, makeGuest } from './cell.ts';
import type { StepwiseMeasurement } from './stepwise-machine.ts';
import { StepwiseMachine } from './stepwise-machine.ts';

/** Sums of the same costs in another order. */
const ROUNDING = 1e-9;
/** The stall histogram keeps three digits. */
const STALL_ROUNDING = 2e-3;

function expectClose(name: string, actual: number, expected: number, relative: number): void {
  if (Math.abs(actual - expected) <= 1e-3 + relative * Math.abs(expected)) return;
  expect.fail(`${name}: ${actual}, and step by step ${expected}`);
}

function expectSame(measured: StageMeasurement, stepwise: StepwiseMeasurement): void {
  const { counters, timeNs } = measured;
  for (const [name, expected] of Object.entries(stepwise.counts) as [keyof typeof stepwise.counts, number][]) {
    if (name.endsWith('Ns')) expectClose(name, counters[name], expected, ROUNDING);
    else if (counters[name] !== expected) expect.fail(`${name}: ${counters[name]}, and step by step ${expected}`);
  }
  expectClose('timeNs', timeNs, stepwise.timeNs, ROUNDING);
  const stalls = stepwise.stallsNs.toSorted((a, b) => a - b);
  expect(counters.stalls.count).toBe(stalls.length);
  if (stalls.length === 0) return;
  expectClose('mean stall', counters.stalls.mean, stalls.reduce((a, b) => a + b) / stalls.length, STALL_ROUNDING);
  expectClose('shortest stall', counters.stalls.min, stalls[0] ?? 0, STALL_ROUNDING);
  expectClose('longest stall', counters.stalls.max, stalls.at(-1) ?? 0, STALL_ROUNDING);
}

function check({ shape, happenings }: Story): void {
  const cell = makeCell(shape);
  const guest = makeGuest(shape);
  const stepwise = new StepwiseMachine(guest);
  for (const happening of happenings) {
    cell.machine.beginStage();
    stepwise.beginStage();
    tell(cell.machine, cell, happening);
    tell(stepwise, guest, happening);
    expectSame(cell.machine.endStage(), stepwise.endStage());
    expect(leavesOf(cell)).toBe(leavesOf(guest));
  }
}

describe('the machine, held against one that steps one access at a time', () => {
  it('says the same of every stage of cells of every kind', () => {
    // One seed: a search that is as long as this one is made by hand, with more runs.
    fc.assert(fc.property(arbitraryStory, check), { numRuns: 250, seed: 2021 });
  });
});
