import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { kernels: ['v5.12p1'] });

const PAGES = 512;

describe('the order at a coalesce', () => {
  it('takes the subtree down and cleans before the block stands, full or not', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'free' },
      CoalesceBench.WHOLE_BLOCK,
      { do: 'install', level: 2 },
    ];
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
});
