import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy);

const PAGES = 512;

describe('the order at a coalesce', () => {
  const without = [
    { do: 'invalidate', level: 2 },
    { do: 'tlbi-vmid' },
    { do: 'install', level: 2 },
    { do: 'free' },
  ] as const;
  it('cleans nothing where every page was mapped', () => {
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(without);
  });
  it('cleans the whole block before it installs it where a single page is missing', () => {
    const [broken, flushed, ...rest] = without;
    expect(CoalesceBench.coalesceFirst(strategy, PAGES - 1)).toEqual([
      broken,
      flushed,
      CoalesceBench.WHOLE_BLOCK,
      ...rest,
    ]);
  });
});
