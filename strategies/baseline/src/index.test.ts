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
  it('takes the subtree down and cleans before the block stands, full or not', () => {
    const expected = [
      { do: 'invalidate', level: 2 },
      { do: 'tlbi-vmid' },
      { do: 'free' },
      wholeBlock,
      { do: 'install', level: 2 },
    ];
    expect(coalesce(PAGES)).toEqual(expected);
    expect(coalesce(1)).toEqual(expected);
  });
});
