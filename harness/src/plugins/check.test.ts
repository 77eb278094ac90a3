import { CONTRACT_VERSION, defineStrategy, z } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { checkStrategy } from './check.ts';

const GOOD = { name: 'mine', summary: 'a fixture', source: 'a fixture', contractVersion: CONTRACT_VERSION };

describe('checkStrategy', () => {
  it('takes what defineStrategy makes, and the same in plain JavaScript', () => {
    const made = defineStrategy({ name: 'mine', summary: 'a fixture', source: 'a fixture' });
    expect(checkStrategy(made)).toEqual({ strategy: made });
    expect(checkStrategy(GOOD)).toEqual({ strategy: GOOD });
    const configurable = { ...GOOD, options: z.object({ threshold: z.number().default(64) }), visitors: () => ({}) };
    expect(checkStrategy(configurable)).toEqual({ strategy: configurable });
  });

  it.each<[unknown, string]>([
    [undefined, 'not a strategy: write "export default defineStrategy({ … })"'],
    [() => 1, 'not a strategy: write'],
    [
      { ...GOOD, contractVersion: CONTRACT_VERSION + 1, name: undefined },
      `strategy undefined is written for contract version ${CONTRACT_VERSION + 1}, this s2bench speaks versions 1 to ${CONTRACT_VERSION}; update s2bench`,
    ],
    [
      { ...GOOD, contractVersion: 0 },
      'strategy mine is written for contract version 0, this s2bench speaks versions 1 to 4; update the strategy, or port it to',
    ],
    [{ ...GOOD, contractVersion: '1' }, 'not a strategy: contractVersion: '],
    [
      { ...GOOD, contractVersion: undefined },
      'not a strategy: contractVersion: is missing; defineStrategy({ … }) fills it in',
    ],
    [{ ...GOOD, walkers: [] }, 'not a strategy: walkers: '],
    [{ ...GOOD, walkers: ['v7'] }, 'not a strategy: walkers.0: '],
    [{ ...GOOD, walkers: ['v6'] }, 'not a strategy: v6: is missing; walkers says v6, so write v6: { tablePre('],
    [
      { ...GOOD, v6: {} },
      "not a strategy: walkers: does not say v6, and there are visitors for it; write walkers: ['v5'",
    ],
    [
      { ...GOOD, walkers: ['v6'], v6: {}, leaf: () => 0 },
      'not a strategy: walkers: does not say v5, and there are visitors for it; write walkers',
    ],
    [{ ...GOOD, walkers: ['v6'], v6: { leaf: 1 } }, 'not a strategy: v6.leaf: must be a function (entry, map)'],
    [
      { ...GOOD, walkers: ['v5', 'v6'], v6: {}, contractVersion: 1 },
      'not a strategy: walkers and v6: are of contract version 2, and it says contractVersion: 1',
    ],
    [{ ...GOOD, options: { threshold: 64 } }, 'not a strategy: options: must be a zod schema of an object'],
    [{ ...GOOD, options: z.object({}) }, 'not a strategy: visitors: must be a function of the options'],
    [{ ...GOOD, visitors: () => ({}) }, 'not a strategy: visitors: stand there without options'],
    [
      { ...GOOD, options: z.object({ threshold: z.number() }), visitors: () => ({}) },
      'not a strategy: options.threshold: needs a default: write .default(…)',
    ],
    [{ ...GOOD, name: 'Two Words' }, 'not a strategy: name: must be lower-case words joined by hyphens'],
    [
      { ...GOOD, needs: { bbmLevel: 1 } },
      'not a strategy: needs.bbmLevel: must be 2, or left out: what level 1 allows',
    ],
    [{ ...GOOD, summary: '' }, 'not a strategy: summary: '],
    [{ ...GOOD, leaf: 'x' }, 'not a strategy: leaf: must be a function (entry, map) or left out'],
  ])('refuses %j', (exported, problem) => {
    expect(checkStrategy(exported)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
