import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy);

const PAGES = 512;

function coalesce(pages: number) {
  const bench = new CoalesceBench(strategy, 4096, 2);
  for (let page = 0; page < pages; page++) bench.mapPage(page);
  return bench.mapBlock().actions;
}

const wholeBlock = { do: 'clean', address: 8 * 2 ** 21, sizeBytes: 2 ** 21 } as const;

describe('the order at a coalesce', () => {
  const without = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'install', level: 2 },
      { do: 'free' },
  ] as const;
  it('cleans nothing where every page was mapped', () => {
    expect(coalesce(PAGES)).toEqual(without);
  });
  it('cleans the whole block before it installs it where a single page is missing', () => {
    const [broken, flushed, ...rest] = without;
    expect(coalesce(PAGES - 1)).toEqual([broken, flushed, wholeBlock, ...rest]);
  });
});
