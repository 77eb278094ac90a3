import { EAGAIN, OK } from '@s2bench/core';
import { CoalesceBench, testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-table', 'three-levels'], runs: 10 });

const PAGES = 512;
const makes = (level: number) => [
  { do: 'invalidate', level },
  { do: 'tlbi-vmid' },
  { do: 'install', level },
  { do: 'free' },
];

describe('the order at a coalesce', () => {
  it('makes blocks of full tables in the first fault, and the whole in the second', () => {
    const bench = new CoalesceBench(strategy, 4096, 1);
    for (let page = 0; page < 2 * PAGES; page++) bench.mapPage(page);
    bench.mapPage(3 * PAGES);
    const first = bench.mapBlock();
    // Two full tables, a hole of a block, which is cleaned and mapped, and a table that is not full: there it goes back.
    const hole = { do: 'clean', address: 8 * 2 ** 30 + 2 * 2 ** 21, sizeBytes: 2 ** 21 };
    expect(first).toEqual({
      rc: EAGAIN,
      actions: [...makes(2), ...makes(2), hole, { do: 'install', level: 2 }],
    });
    const second = bench.mapBlock();
    expect(second.rc).toBe(OK);
    expect(second.actions.filter((action) => action.do !== 'clean')).toEqual([...makes(1), { do: 'free' }]);
    const cleaned = second.actions.reduce((sum, action) => sum + (action.do === 'clean' ? action.sizeBytes : 0), 0);
    expect(cleaned).toBe(2 ** 30 - 3 * 2 ** 21 - 4096);
    expect([bench.leafLevel, bench.miscounted]).toEqual([1, []]);
  });

  it('does all in one fault where the first table is not full, or there is one level alone', () => {
    const bench = new CoalesceBench(strategy, 4096, 1);
    bench.mapPage(1);
    expect(bench.mapBlock().rc).toBe(OK);
    expect(CoalesceBench.coalesceFirst(strategy, PAGES)).toEqual(makes(2));
  });
});
