/** Strategies that decide by a count, and the shipped ones, in every table of real size. */
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { REAL_WORLDS, verifyReal, verifyWorld, worldOf } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { VARIATIONS } from '../variations/index.ts';
import { THRESHOLD_ANIMALS, THRESHOLD_VARIATIONS } from './index.ts';

describe.each(REAL_WORLDS.map((world) => [world.name, world] as const))('%s', (name, world) => {
  it.each(THRESHOLD_ANIMALS.map((animal) => [animal.name, animal] as const))(
    '%s is caught where it shows',
    (_, animal) => {
      const rule = animal.caughtIn.includes(name) ? animal.rule : undefined;
      expect(verifyReal(animal.strategy, world, { fwb: false }).rule).toBe(rule);
    },
  );

  it.each([baseline, fullPopulationCheck, noCmo, uniformCmo].map((strategy) => [strategy.name, strategy] as const))(
    '%s is what it declares',
    (_, strategy) => {
      const rule = strategy.expects === 'safe' ? undefined : 'data-coherency';
      expect(verifyReal(strategy, world, { fwb: false }).rule).toBe(rule);
      expect(verifyReal(strategy, world, { fwb: true }).rule).toBeUndefined();
    },
  );

  const variations = [
    ...THRESHOLD_VARIATIONS.map(({ strategy }) => strategy),
    // What acts past the contract has no place in a table without the explorer's recorder.
    ...VARIATIONS.filter(({ subject }) => !subject.below && !subject.phases).map(({ subject }) => subject.strategy),
  ];
  it.each(variations.map((strategy) => [strategy.name, strategy] as const))('%s raises no alarm', (_, strategy) => {
    expect(verifyReal(strategy, world, { fwb: false })).not.toHaveProperty('finding');
  });
});

describe('small worlds', () => {
  it.each(THRESHOLD_ANIMALS.map((animal) => [animal.name, animal] as const))(
    'never show what is wrong with %s',
    (_, animal) => {
      for (const world of ['partial-table', 'full-table'].map(worldOf))
        expect(verifyWorld(animal.strategy, world, { history: 'logging-first', fwb: false }).verdict).toBe('safe');
    },
  );
});
