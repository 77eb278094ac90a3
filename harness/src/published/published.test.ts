import { describe, expect, it } from 'vitest';
import { fakeCell } from '../../test/fixtures/fake-job.ts';
import { STAGE_NAMES } from '@s2bench/report/schema';
import { publishedFor } from './published.ts';

const G = 2 ** 30;
const SEED_CELL = fakeCell({ strategy: 'baseline', vcpus: 20, memoryBytes: 20 * G, profile: 'kunpeng920' });
const stagesOf = (...[cell, stages]: Parameters<typeof publishedFor>) =>
  publishedFor(cell, stages).map(({ stage }) => stage);

describe('publishedFor', () => {
  it('finds the figures of the stages that were simulated', () => {
    expect(publishedFor(SEED_CELL, ['ADJUST'])).toEqual([
      {
        stage: 'ADJUST',
        seconds: [2.881, 2.883, 2.885, 2.879, 2.882],
        source: expect.stringContaining('2021-02-28') as string,
      },
    ]);
    expect(stagesOf(SEED_CELL, STAGE_NAMES)).toEqual(['ADJUST', 'CREATE', 'UPDATE']);
  });

  it('finds those of anonymous memory by its page', () => {
    const cell = { ...SEED_CELL, backing: 'anonymous' as const, granuleBytes: 4096, memoryBytes: G, vcpus: 50 };
    expect(stagesOf(cell, STAGE_NAMES)).toEqual(['CREATE', 'UPDATE']);
  });

  it.each([
    { profile: 'other' },
    { workload: 'other' },
    { history: 'logging-first' },
    { vcpus: 21 },
    { memoryBytes: 19 * G },
    { kernel: 'v5.11' },
    { strategy: 'full-population-check' },
    { granuleBytes: 2 ** 21 },
  ])('has none of another cell: %j', (different) => {
    expect(publishedFor({ ...SEED_CELL, ...different }, ['ADJUST'])).toEqual([]);
  });
});
