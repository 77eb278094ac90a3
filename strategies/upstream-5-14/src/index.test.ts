import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { kernels: ['v5.14', 'v6.1'] });

describe('the order at a coalesce', () => {
  it('frees the topmost of the old tables when the block stands', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      CoalesceBench.WHOLE_BLOCK,
      { do: 'install', level: 2 },
      { do: 'free' },
    ];
    expect(CoalesceBench.coalesceFirst(strategy, 512)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
});
