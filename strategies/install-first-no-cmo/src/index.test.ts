import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { kernels: ['v5.12p1rfc'] });

const PAGES = 512;

describe('the order at a coalesce', () => {
  it('installs right after the flush and cleans nothing, not even pages that were never mapped', () => {
    const expected = [{ do: 'invalidate', level: 2 }, { do: 'tlbi-vmid' }, { do: 'install', level: 2 }, { do: 'free' }];
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(expected);
    expect(CoalesceBench.coalesceFirst(strategy, 1)).toEqual(expected);
  });
  it('has no clean to leave out: what the others do is not done', () => {
    expect(CoalesceBench.coalesceFirst(strategy, 1)).not.toContainEqual(CoalesceBench.WHOLE_BLOCK);
  });
});
