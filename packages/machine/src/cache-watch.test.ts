import { Backing } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import type { CellShape, PageLoop } from '../test/cell.ts';
import { BASE_IPA, BLOCK, FANOUT, LoopList, makeGuest, PAGE, PHYS_ADDRESS } from '../test/cell.ts';
import { CacheState } from './cache-state.ts';
import { StaleReadCounter } from './cache-watch.ts';
import { StageCounters } from './counters.ts';
import { Vcpu } from './vcpu.ts';

/** Stale reads among `count` accesses of a loop from an index on, with some pages of the slot dirty. */
function staleReads(
  loop: PageLoop,
  [index, count]: [number, number],
  dirtyPages: readonly number[],
  backing: CellShape['backing'] = 'hugetlb',
  writtenPages: readonly number[] = dirtyPages,
): number {
  const { slot } = makeGuest({ backing, memoryBytes: 2 * BLOCK });
  for (let page = 0; page < 2 * FANOUT; page++) slot.backing.populate(page * PAGE, false);
  for (const page of writtenPages) slot.backing.populate(page * PAGE, true);
  const caches = new CacheState(PHYS_ADDRESS, slot.sizeBytes, PAGE);
  for (const page of dirtyPages) caches.hostWrote(PHYS_ADDRESS + page * PAGE, PAGE);
  const counters = new StageCounters();
  const vcpu = new Vcpu(0, new LoopList([loop]));
  vcpu.nextRun();
  new StaleReadCounter(caches, slot, counters).accessed(vcpu.run, index, count);
  return counters.staleReads;
}

describe('stale reads', () => {
  it('are the accesses, from an index of the loop on, to pages that were stored to and not cleaned', () => {
    expect(staleReads({ page: 2, count: 8 }, [1, 4], [2, 3, 5, 7])).toBe(2);
  });

  it('are counted for each access to a page, not for each page', () => {
    expect(staleReads({ page: 1, count: 12, strideBytes: PAGE / 4 }, [2, 9], [2])).toBe(4);
  });

  it('miss the pages that a wide stride passes over', () => {
    expect(staleReads({ page: 0, count: 5, strideBytes: 3 * PAGE }, [0, 5], [3, 4, 6, 13])).toBe(2);
  });

  it('are none in the zero page, though what will take its place was written', () => {
    const loop = { page: 0, count: 4 };
    expect(staleReads(loop, [0, 4], [1, 2], 'anonymous', [2])).toBe(1);
    expect(staleReads({ ...loop, strideBytes: PAGE / 2 }, [0, 4], [1], 'anonymous', [])).toBe(0);
    expect(staleReads({ ...loop, strideBytes: PAGE / 2 }, [0, 4], [1], 'anonymous', [1])).toBe(2);
  });

  it('are looked for where the slot begins in its backing', () => {
    const { vm, slot } = makeGuest();
    const backing = new Backing({
      kind: 'hugetlb',
      sizeBytes: 8 * BLOCK,
      pageSizeBytes: PAGE,
      blockBytes: BLOCK,
      hostAddress: PHYS_ADDRESS,
      physAddress: PHYS_ADDRESS,
    });
    const other = vm.addSlot({
      baseIpa: BASE_IPA + slot.sizeBytes,
      sizeBytes: 2 * BLOCK,
      backing,
      backingOffsetBytes: 3 * BLOCK,
      logging: false,
    });
    const caches = new CacheState(PHYS_ADDRESS, backing.sizeBytes, PAGE);
    caches.hostWrote(PHYS_ADDRESS + 3 * BLOCK + PAGE, PAGE);
    const counters = new StageCounters();
    const vcpu = new Vcpu(0, new LoopList([{ page: slot.sizeBytes / PAGE, count: 8 }]));
    vcpu.nextRun();
    new StaleReadCounter(caches, other, counters).accessed(vcpu.run, 0, 8);
    expect(counters.staleReads).toBe(1);
  });
});
