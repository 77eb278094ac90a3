import { strategyMetadataSchema } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { describe, expect, it } from 'vitest';
import { ANIMALS, VARIATIONS } from './index.ts';

const SHIPPED = [baseline, fullPopulationCheck, noCmo, uniformCmo].map(({ name }) => name);
const ALL = [
  ...ANIMALS.map(({ mistake, ...animal }) => ({ ...animal, sentence: mistake })),
  ...VARIATIONS.map(({ change, ...variation }) => ({ ...variation, sentence: change })),
];

describe('the zoo', () => {
  it('is large enough to be worth a visit', () => {
    expect(ANIMALS.length).toBeGreaterThanOrEqual(34);
    expect(VARIATIONS.length).toBeGreaterThanOrEqual(25);
  });

  it('has no name twice, nor a shipped strategy’s', () => {
    const names = [...SHIPPED, ...ALL.map(({ name }) => name)];
    expect(new Set(names).size).toBe(names.length);
  });

  it('has something of every shipped strategy', () => {
    expect(new Set(ANIMALS.map(({ of }) => of))).toEqual(new Set(SHIPPED));
  });

  it.each(ALL)('says of $name in one sentence what is otherwise, from a shipped strategy', ({ sentence, of }) => {
    expect(sentence).toMatch(/^[A-Zm].*[^.]\.$/);
    expect(sentence).not.toMatch(/\. /);
    expect(SHIPPED).toContain(of);
  });

  it.each(ALL)('has $name as a strategy that can be loaded, with what it expects of itself', ({ name, subject }) => {
    expect(strategyMetadataSchema.parse(subject.strategy)).toMatchObject({ name, expects: subject.strategy.expects });
  });

  it.each(VARIATIONS)('explores $name in a dozen worlds and more, with FWB and without', ({ habitats }) => {
    expect(new Set(habitats.map(({ world }) => world.name)).size).toBeGreaterThanOrEqual(12);
    expect(new Set(habitats.map(({ fwb }) => fwb)).size).toBe(2);
  });

  it.each(ANIMALS)('has $name expect its rule', ({ rule, subject }) => {
    expect(subject.strategy.expects).toEqual([rule]);
  });
});
