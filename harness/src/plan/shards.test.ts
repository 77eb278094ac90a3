import type { Cell } from '@s2bench/report/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeCell, fakeJob } from '../../test/fixtures/fake-job.ts';
import { groupAlike, shardPlaces } from './shards.ts';

/** A matrix in the order in which it is spanned. */
const matrices = fc
  .record({
    memories: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    vcpus: fc.uniqueArray(fc.integer({ min: 1, max: 128 }), { maxLength: 6 }),
    strategies: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')),
  })
  .map(({ memories, vcpus, strategies }): Cell[] =>
    memories.flatMap((gib) =>
      vcpus.flatMap((count) =>
        strategies.map((strategy) => fakeCell({ memoryBytes: gib * 2 ** 30, vcpus: count, strategy })),
      ),
    ),
  );

const allShards = (cells: readonly Cell[], count: number): number[][] =>
  Array.from({ length: count }, (_, nth) => shardPlaces(cells, { index: nth + 1, count }));

describe('shardPlaces', () => {
  it('puts every cell into exactly one shard, in the order of the matrix', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 40 }), (cells, count) => {
        const shards = allShards(cells, count);
        expect(shards.flat().sort((a, b) => a - b)).toEqual([...cells.keys()]);
        for (const places of shards) expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
    );
  });

  it('leaves no shard empty while there are cells for all', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 40 }), (cells, count) => {
        expect(allShards(cells, count).filter((places) => places.length > 0)).toHaveLength(
          Math.min(count, cells.length),
        );
      }),
    );
  });

  it('gives each about the same work: a large guest weighs as much as many small ones', () => {
    const cells = [64, 16, 16, 16, 16].map((gib, seed) => fakeCell({ memoryBytes: gib * 2 ** 30, seed }));
    expect(allShards(cells, 2)).toEqual([[0], [1, 2, 3, 4]]);
  });

  it('keeps cells together that share what is built for them', () => {
    const cells = [1, 2, 4].flatMap((vcpus) => ['a', 'b'].map((strategy) => fakeCell({ vcpus, strategy })));
    expect(allShards(cells, 2)).toEqual([
      [0, 2, 4],
      [1, 3, 5],
    ]);
  });
});

const jobs = [
  fakeJob(0, { strategy: 'a', vcpus: 20 }),
  fakeJob(1, { strategy: 'b', vcpus: 20 }),
  fakeJob(2, { strategy: 'a', vcpus: 40 }),
  fakeJob(3, { strategy: 'b', vcpus: 40 }),
];
const indices = (workers: number) => groupAlike(jobs, workers).map((group) => group.map(({ index }) => index));

describe('groupAlike', () => {
  it('keeps cells together that differ in their vCPUs or their machine alone', () => {
    const groups = [
      [0, 2],
      [1, 3],
    ];
    expect(indices(1)).toEqual(groups);
    expect(indices(2)).toEqual(groups);
    expect(groupAlike([fakeJob(0), fakeJob(1, { profile: 'other' }), fakeJob(2, { seed: 2 })], 1)).toHaveLength(2);
  });

  it('splits groups until every worker has something to do, and no further than single cells', () => {
    expect(indices(3)).toEqual([[0], [2], [1, 3]]);
    expect(indices(64)).toEqual([[0], [2], [1], [3]]);
    expect(groupAlike([], 4)).toEqual([]);
  });
});
