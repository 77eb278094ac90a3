import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-table', 'real-4k-level-2'], runs: 10 });

describe('the order at a coalesce', () => {
  it('cleans under the lock, before the break, where the fault has not cleaned before it', () => {
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual([
      CoalesceBench.WHOLE_BLOCK,
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'install', level: 2 },
      { do: 'free' },
    ]);
  });
});
