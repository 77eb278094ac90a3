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
  it('installs right after the flush and cleans nothing, not even pages that were never mapped', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'install', level: 2 },
      { do: 'free' },
    ];
    expect(coalesce(PAGES)).toEqual(expected);
    expect(coalesce(1)).toEqual(expected);
  });
  it('has no clean to leave out: what the others do is not done', () => {
    expect(coalesce(1)).not.toContainEqual(wholeBlock);
  });
});
