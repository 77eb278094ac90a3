/** Strategies that decide by a count, and the shipped ones, in more tables of real size. */
import type { Strategy } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { REAL_WORLDS, type RealWorld, verifyReal } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { THRESHOLD_ANIMALS, THRESHOLD_VARIATIONS } from './index.ts';

/** Larger pages change the number of entries and nothing else. */
const OF_4K = REAL_WORLDS.filter(({ pageSizeBytes }) => pageSizeBytes === 4096);

function found(strategy: Strategy, world: RealWorld): string | undefined {
  return verifyReal(strategy, world, { fwb: false }).rule;
}

describe('strategies with a threshold', () => {
  it.each(THRESHOLD_ANIMALS.map((animal) => [animal.name, animal] as const))('%s is caught', (_, animal) => {
    for (const world of REAL_WORLDS)
      expect(found(animal.strategy, world)).toBe(animal.caughtIn.includes(world.name) ? animal.rule : undefined);
  });

  it.each(THRESHOLD_VARIATIONS.map((variation) => [variation.name, variation] as const))(
    '%s raises no alarm',
    (_, { strategy }) => {
      for (const world of OF_4K) expect(found(strategy, world)).toBeUndefined();
    },
  );
});

describe('the shipped strategies', () => {
  it.each([baseline, fullPopulationCheck, noCmo, uniformCmo].map((strategy) => [strategy.name, strategy] as const))(
    '%s is what it declares',
    (_, strategy) => {
      const rule = strategy.expects === 'safe' ? undefined : 'data-coherency';
      for (const world of OF_4K) expect(found(strategy, world)).toBe(rule);
    },
  );
});
