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
const WHOLE_ADDRESS = 8 * 2 ** 21;

describe('the order at a coalesce', () => {
  it('cleans the holes before the break, and nothing where there are none', () => {
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(BREAK_AND_MAKE);
    const hole = { do: 'clean', address: WHOLE_ADDRESS + (PAGES - 1) * 4096, sizeBytes: 4096 };
    expect(CoalesceBench.coalesceFirst(strategy, PAGES - 1)).toEqual([hole, ...BREAK_AND_MAKE]);
  });
});
