/** Strategies that decide by a count: caught, or let through, in a real table of 4K pages. */
import { REAL_WORLDS, verifyReal } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { THRESHOLD_ANIMALS, THRESHOLD_VARIATIONS } from './index.ts';

const named = <T extends { readonly name: string }>(items: readonly T[]): [string, T][] =>
  items.map((item) => [item.name, item]);

describe('strategies with a threshold', () => {
  it.each(named(THRESHOLD_ANIMALS))('%s is caught in the first table that it shows in', (_, animal) => {
    const world = REAL_WORLDS.find(({ name }) => name === animal.caughtIn[0]);
    if (world === undefined) throw new Error(`no table ${animal.caughtIn[0] ?? ''}`);
    expect(verifyReal(animal.strategy, world, { fwb: false }).rule).toBe(animal.rule);
  });

  it.each(named(THRESHOLD_VARIATIONS))('%s raises no alarm', (_, { strategy }) => {
    const [world] = REAL_WORLDS;
    if (world !== undefined) expect(verifyReal(strategy, world, { fwb: false })).not.toHaveProperty('finding');
  });

  it('have a name each', () => {
    const all = [...THRESHOLD_ANIMALS, ...THRESHOLD_VARIATIONS];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, strategy } of all) expect(strategy.name).toBe(name);
  });
});
