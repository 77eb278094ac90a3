import { CONTRACT_VERSION, defineStrategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { checkStrategy } from './check.ts';

const GOOD = { name: 'mine', summary: 'a fixture', source: 'a fixture', contractVersion: CONTRACT_VERSION };

describe('checkStrategy', () => {
  it('takes what defineStrategy makes, and the same in plain JavaScript', () => {
    const made = defineStrategy({ name: 'mine', summary: 'a fixture', source: 'a fixture' });
    expect(checkStrategy(made)).toEqual({ strategy: made });
    expect(checkStrategy(GOOD)).toEqual({ strategy: GOOD });
  });

  it.each<[unknown, string]>([
    [undefined, 'not a strategy: write "export default defineStrategy({ … })"'],
    [() => 1, 'not a strategy: write'],
    [{ ...GOOD, contractVersion: CONTRACT_VERSION + 1 }, 'update s2bench'],
    [{ ...GOOD, contractVersion: CONTRACT_VERSION - 1 }, 'port the strategy to it'],
    [{ ...GOOD, contractVersion: undefined }, 'not a strategy: contractVersion: '],
    [{ ...GOOD, name: 'Two Words' }, 'not a strategy: name: must be lower-case words joined by hyphens'],
    [{ ...GOOD, summary: '' }, 'not a strategy: summary: '],
    [{ ...GOOD, leaf: 'x' }, 'not a strategy: leaf: must be a function (entry, map) or left out'],
  ])('refuses %j', (exported, problem) => {
    expect(checkStrategy(exported)).toEqual({ problem: expect.stringContaining(problem) as string });
  });
});
