/** What the guests of spread access, by hand. */
import { describe, expect, it } from 'vitest';
import { accessesOf, BLOCK_BYTES, PAGE_BYTES, SETTING, stepsOfStage } from '../test/accesses.ts';
import { workloadWith } from './define-workload.ts';
import { SPREAD } from './spread.ts';
import type { Workload } from './workload.ts';

const PAGES = BLOCK_BYTES / PAGE_BYTES;
const BLOCKS = 8;

/** Places in the slot, as blocks and pages of them. */
function places(workload: Workload, stage: string, vcpu: number) {
  return stepsOfStage(workload, SETTING, stage)
    .flatMap((step) => accessesOf(step.programOf(vcpu)))
    .map(({ ipa, write }) => {
      const page = (ipa - SETTING.baseIpa) / PAGE_BYTES;
      return { block: Math.floor(page / PAGES), page: page % PAGES, write };
    });
}

/** The pages of a block that all vCPUs together write before logging ends; the same in each block. */
function populated(workload: Workload): number[] {
  const written = Array.from({ length: 4 }, (_, vcpu) => places(workload, 'UPDATE', vcpu)).flat();
  const byBlock = Map.groupBy(written, ({ block }) => block);
  expect(byBlock.size).toBe(BLOCKS);
  const [first = [], ...others] = [...byBlock.values()].map((list) => list.map(({ page }) => page));
  for (const pages of others) expect(pages).toEqual(first);
  expect(written.every(({ write }) => write)).toBe(true);
  return first;
}

const QUARTER = Array.from({ length: PAGES / 4 }, (_, index) => index);

describe('spread', () => {
  it.each([
    ['end' as const, QUARTER],
    ['start' as const, QUARTER.map((page) => page + (PAGES * 3) / 4)],
    ['striped' as const, QUARTER.map((page) => page * 4)],
  ])('leaves holes at the %s of each block', (holes, pages) => {
    expect(populated(workloadWith(SPREAD, { holes, populated: 25 }))).toEqual(pages);
  });

  it('draws holes from the seed, as many as it should', () => {
    const pages = populated(workloadWith(SPREAD, { holes: 'random', populated: 25 }));
    expect(pages).toHaveLength(PAGES / 4);
    expect(pages).toEqual([...new Set(pages)].sort((a, b) => a - b));
    expect(pages).not.toEqual(QUARTER);
  });

  it.each(['end', 'start', 'striped', 'random'] as const)(
    'has vCPU 0 read a hole of each block in turn, and nobody else any (%s)',
    (holes) => {
      const workload = workloadWith(SPREAD, { holes, populated: 25, accesses: 7 });
      const mapped = new Set(populated(workload));
      for (const vcpu of [0, 1, 3]) {
        const list = places(workload, 'SPREAD', vcpu);
        expect(list).toHaveLength(BLOCKS * 8);
        expect(list.some(({ write }) => write)).toBe(false);
        const inHoles = list.flatMap(({ block, page }, at) => (mapped.has(page) ? [] : [[at, block]]));
        expect(inHoles).toEqual(vcpu === 0 ? Array.from({ length: BLOCKS }, (_, block) => [block * 8 + 7, block]) : []);
      }
    },
  );

  it('reads all of its working set and nothing else, at any time', () => {
    for (const [percent, blocks] of [
      [1, 1],
      [38, 4],
      [100, 8],
    ] as const) {
      const list = places(workloadWith(SPREAD, { 'working-set': percent, accesses: 63 }), 'SPREAD', 2);
      for (const part of [list.slice(0, 256), list.slice(256)])
        expect(new Set(part.map(({ block }) => block))).toEqual(new Set(Array.from({ length: blocks }, (_, at) => at)));
    }
  });
});
