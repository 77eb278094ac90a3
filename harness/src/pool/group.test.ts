import { describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import { groupJobs } from './group.ts';

const jobs = [
  fakeJob(0, { strategy: 'a', vcpus: 20 }),
  fakeJob(1, { strategy: 'b', vcpus: 20 }),
  fakeJob(2, { strategy: 'a', vcpus: 40 }),
  fakeJob(3, { strategy: 'b', vcpus: 40 }),
];
const indices = (workers: number) => groupJobs(jobs, workers).map((group) => group.map(({ index }) => index));

describe('groupJobs', () => {
  it('keeps cells together that differ in their vCPUs alone', () => {
    expect(indices(1)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it('splits groups until every worker has enough to do, and no further than single cells', () => {
    expect(indices(2)).toEqual([[0], [2], [1], [3]]);
    expect(indices(64)).toEqual([[0], [2], [1], [3]]);
    expect(groupJobs([], 4)).toEqual([]);
  });
});
