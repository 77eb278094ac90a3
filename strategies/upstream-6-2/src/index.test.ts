import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { kernels: ['v6.4', 'v6.6', 'v6.12', 'v7.1'] });

describe('the order at a coalesce', () => {
  it('makes the block first, and frees what was below after a grace period', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      CoalesceBench.WHOLE_BLOCK,
      { do: 'install', level: 2 },
      { do: 'unlink' },
      { do: 'grace-period' },
      { do: 'free' },
    ];
    expect(CoalesceBench.coalesceFirst(strategy, 512)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
});
