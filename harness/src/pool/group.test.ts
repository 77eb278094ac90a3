import { describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import { groupAlike } from './group.ts';

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
