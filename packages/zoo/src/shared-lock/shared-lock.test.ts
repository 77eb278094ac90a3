/** What lives under the read side of mmu_lock: each mistake is caught by its rule, and what is right raises no alarm. */
import { strategyMetadataSchema } from '@s2bench/core';
import { counterexampleSchema, isRealTable, replay, RULES, verifySetting } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { ANIMALS, SHARED_ANIMALS, SHARED_VARIATIONS, VARIATIONS } from '../index.ts';
import { QUICK_ANIMALS } from '../../test/shared-lock.ts';

describe('an animal of the shared lock', () => {
  it.each(QUICK_ANIMALS)('$name is caught by $rule, and its counterexample can be run again', (animal) => {
    const { subject, rule, habitat } = animal;
    const { world, fwb } = habitat;
    if (isRealTable(world)) throw new Error('nobody shares a lock in a real table');
    const found = verifySetting(subject, world, habitat);
    expect(found).toMatchObject({ verdict: 'unsafe', rule });
    if (found.counterexample === undefined) throw new Error('no counterexample');
    const document = counterexampleSchema.parse(JSON.parse(JSON.stringify(found.counterexample)));
    expect(replay({ subject, world, fwb, rules: RULES }, document).document).toEqual(document);
  });
});

describe('a variation of the shared lock', () => {
  it.each(SHARED_VARIATIONS)('$name raises no alarm where two vCPUs meet', ({ subject, habitats }) => {
    const [habitat] = habitats;
    if (habitat === undefined) throw new Error('it lives nowhere');
    expect(verifySetting(subject, habitat.world, habitat)).toMatchObject({ verdict: 'safe', complete: true });
  });
});

describe('the part of the zoo that shares the lock', () => {
  it('is large enough, and has no name of the other part', () => {
    expect(SHARED_ANIMALS.length).toBeGreaterThanOrEqual(20);
    expect(SHARED_VARIATIONS.length).toBeGreaterThanOrEqual(6);
    const names = [ANIMALS, SHARED_ANIMALS, VARIATIONS, SHARED_VARIATIONS].flat().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([...SHARED_ANIMALS, ...SHARED_VARIATIONS])(
    'has $name as a strategy that can be loaded',
    ({ name, subject }) => {
      expect(strategyMetadataSchema.parse(subject.strategy)).toMatchObject({ name, walkers: ['v6'] });
    },
  );
});
