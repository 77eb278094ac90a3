import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-table', 'real-4k-level-2'], runs: 10 });

const PAGES = 512;
const BREAK_AND_MAKE = [
  { do: 'invalidate', level: 2 },
  { do: 'tlbi-vmid' },
  { do: 'install', level: 2 },
  { do: 'free' },
];

describe('the order at a coalesce', () => {
  it('cleans the whole block before the break, full or not', () => {
    const expected = [CoalesceBench.WHOLE_BLOCK, ...BREAK_AND_MAKE];
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
});
