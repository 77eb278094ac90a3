import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { fakeCell } from '../../test/fixtures/fake-job.ts';
import { FAKE_PROFILE } from '../../test/fixtures/fake-profile.ts';
import { profileHash, publishedFor } from './document.ts';

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
    expect(stagesOf(SEED_CELL, PAGE_TABLE_TEST.stages)).toEqual(['ADJUST', 'CREATE', 'UPDATE']);
  });

  it('finds those of anonymous memory by its page', () => {
    const cell = { ...SEED_CELL, backing: 'anonymous' as const, granuleBytes: 4096, memoryBytes: G, vcpus: 50 };
    expect(stagesOf(cell, PAGE_TABLE_TEST.stages)).toEqual(['CREATE', 'UPDATE']);
  });

  it('finds those of a side of a series, by its variant and what its release does at a coalesce', () => {
    const after = {
      ...SEED_CELL,
      profile: 'altra',
      workload: 'dirty-log-perf?manual-protect=off',
      kernel: 'v5.18',
      strategy: 'upstream-5-14',
      variant: 'after' as const,
      memoryBytes: 2 * G,
      granuleBytes: 2 ** 21,
      vcpus: 64,
    };
    expect(publishedFor(after, ['DIRTY2'])).toEqual([
      {
        stage: 'DIRTY2',
        seconds: [15.783],
        source: '20220118015703.3630552-1-jingzhangos@google.com',
        metric: 'dirty memory time of an iteration',
      },
    ]);
    const { variant: _, ...without } = after;
    for (const other of [without, { ...after, variant: 'before' as const }, { ...after, strategy: 'baseline' }])
      expect(publishedFor(other, ['DIRTY2'])).toEqual([]);
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

const { exit } = FAKE_PROFILE.costs;
const HASH = profileHash(FAKE_PROFILE);

describe('profileHash', () => {
  it('is that of another order of the keys, and of other words', () => {
    const costs = Object.fromEntries(Object.entries(FAKE_PROFILE.costs).reverse()) as typeof FAKE_PROFILE.costs;
    expect(profileHash({ ...FAKE_PROFILE, costs })).toBe(HASH);
    const reworded = { ...costs, exit: { ...exit, source: 'another', provenance: 'measured' as const } };
    expect(profileHash({ ...FAKE_PROFILE, name: 'other', summary: 'other', costs: reworded })).toBe(HASH);
    expect(HASH).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { cores: FAKE_PROFILE.cores + 1 },
    { features: { ...FAKE_PROFILE.features, fwb: !FAKE_PROFILE.features.fwb } },
    { features: { ...FAKE_PROFILE.features, rangeTlbi: !FAKE_PROFILE.features.rangeTlbi } },
    { features: { ...FAKE_PROFILE.features, dic: true } },
    { features: { ...FAKE_PROFILE.features, bbmLevel: 2 as const } },
    { costs: { ...FAKE_PROFILE.costs, exit: { ...exit, valueNs: exit.valueNs + 0.001 } } },
    { costs: { ...FAKE_PROFILE.costs, lockLine: exit } },
  ])('is another where a time may be another', (change) => {
    expect(profileHash({ ...FAKE_PROFILE, ...change })).not.toBe(HASH);
  });
});
