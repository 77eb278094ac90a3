import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-table', 'real-4k-level-2'], runs: 10 });

describe('the order at a coalesce', () => {
  it('stores the block over the table, which no walk misses, and flushes before it frees', () => {
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual([
      CoalesceBench.WHOLE_BLOCK,
      { do: 'install', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'free' },
    ]);
  });
});
