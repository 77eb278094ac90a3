import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy);

const PAGES = 512;

describe('the order at a coalesce', () => {
  it('cleans the whole block before it installs it, full or not', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      CoalesceBench.WHOLE_BLOCK,
      { do: 'install', level: 2 },
      { do: 'free' },
    ];
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
});
