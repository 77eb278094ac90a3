/** What lives under the read side of mmu_lock: each mistake is caught by its rule, and what is right raises no alarm. */
import { strategyMetadataSchema } from '@s2bench/core';
import {
  type Architecture,
  counterexampleSchema,
  isRealTable,
  replay,
  RULE_NAMES,
  type RuleName,
  RULES,
  STRICTEST,
  verifySetting,
} from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { type Animal, ANIMALS, SHARED_ANIMALS, SHARED_VARIATIONS, VARIATIONS } from '../index.ts';
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

/** An animal of each rule that nothing else would notice there; the other rules have theirs in the other part. */
const ONLY_BY: Partial<Record<RuleName, string>> = {
  accounting: 'put-forgotten-at-merge',
  mapping: 'notifier-leaves-all-mapped',
  progress: 'locked-and-left',
  'walker-safety': 'walked-on-in-what-was-freed',
  'break-before-make': 'range-one-page-short',
  'data-coherency': 'clean-after-make-shared',
  'stale-translation': 'deferred-flush-forgotten',
};

/** An animal that each part of the hardware model alone shows. */
const ONLY_ON: readonly (readonly [element: string, without: Partial<Architecture>, animal: string])[] = [
  ['hints that are taken at their word', { ttl: 'lenient' }, 'unlinked-with-a-hint'],
  ['conflicts of a block and the table below it', { bbm: 2 }, 'flush-after-make-shared'],
  ['walks that hold the pointer to a table', { without: ['held-pointers'] }, 'tables-flushed-at-the-end'],
  ['stores that walkers see late', { without: ['late-stores'] }, 'exchange-not-ordered'],
];

function animalOf(name: string): Animal {
  const animal = SHARED_ANIMALS.find((each) => each.name === name);
  if (animal === undefined) throw new Error(`no animal '${name}'`);
  return animal;
}

describe.each(Object.entries(ONLY_BY))('without the rule %s', (rule, name) => {
  it(`${name} goes through entirely`, () => {
    const { subject, habitat, rule: its } = animalOf(name);
    expect(its).toBe(rule);
    const rules = RULE_NAMES.filter((each) => each !== rule);
    expect(verifySetting(subject, habitat.world, { ...habitat, rules })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });
});

describe.each(ONLY_ON)('without %s', (_element, without, name) => {
  it(`${name} goes through entirely`, () => {
    const { subject, habitat, rule } = animalOf(name);
    expect(verifySetting(subject, habitat.world, habitat).rule).toBe(rule);
    const arch = { ...STRICTEST, ...without };
    expect(verifySetting(subject, habitat.world, { ...habitat, arch })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
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
