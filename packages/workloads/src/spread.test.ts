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
      const workload = workloadWith(SPREAD, { holes, populated: 25, accesses: 7, lead: 100 });
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
      const list = places(workloadWith(SPREAD, { 'working-set': percent, accesses: 63, follow: 0 }), 'SPREAD', 2);
      for (const part of [list.slice(0, 256), list.slice(256)])
        expect(new Set(part.map(({ block }) => block))).toEqual(new Set(Array.from({ length: blocks }, (_, at) => at)));
    }
  });

  it('reads so many pages of a block, as far apart as they can be', () => {
    const workload = workloadWith(SPREAD, { populated: 50, 'hot-pages': 4, accesses: 99 });
    const pages = places(workload, 'SPREAD', 1).map(({ page }) => page);
    expect(new Set(pages)).toEqual(new Set([0, 1, 2, 3].map((part) => (part * PAGES) / 8)));
  });

  it.each([
    [0, 1],
    [25, 3],
    [100, 9],
  ])('has vCPU 0 read %i % of what the others read', (lead, reads) => {
    expect(places(workloadWith(SPREAD, { accesses: 8, lead }), 'SPREAD', 0)).toHaveLength(BLOCKS * reads);
    expect(places(workloadWith(SPREAD, { accesses: 8, lead }), 'SPREAD', 3)).toHaveLength(BLOCKS * 9);
  });

  it('follows vCPU 0, wherever that is', () => {
    const [step] = stepsOfStage(workloadWith(SPREAD, { follow: 100, accesses: 3 }), SETTING, 'SPREAD');
    const [leader, follower] = [step?.programOf(0), step?.programOf(1)];
    const run = { startIpa: 0, count: 0, strideBytes: 0, write: false };
    const blockOfNext = (program: typeof leader): number => {
      expect(program?.next(run)).toBe(true);
      return Math.floor((run.startIpa - SETTING.baseIpa) / BLOCK_BYTES);
    };
    for (let read = 0; read < 12; read++) {
      const block = blockOfNext(leader);
      expect(blockOfNext(follower)).toBe(block);
    }
    const ahead = Array.from({ length: 12 }, () => blockOfNext(follower));
    expect(new Set(ahead).size).toBe(1);
  });
});
