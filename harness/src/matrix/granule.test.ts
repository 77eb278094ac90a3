import { describe, expect, it } from 'vitest';
import { granulesOf, whyNoGranule } from './granule.ts';

const K = 1024;
const M = K * K;
const G = M * K;

describe('granulesOf', () => {
  it.each([
    ['hugetlb', 4 * K, [G, 2 * M]],
    ['hugetlb', 16 * K, [32 * M]],
    ['hugetlb', 64 * K, [512 * M]],
    ['thp', 4 * K, [2 * M]],
    ['thp', 16 * K, [32 * M]],
    ['thp', 64 * K, [512 * M]],
    ['anonymous', 64 * K, [64 * K]],
  ] as const)('%s with pages of %i bytes', (backing, pageSizeBytes, granules) => {
    expect(granulesOf(backing, pageSizeBytes)).toEqual(granules);
  });
});

describe('whyNoGranule', () => {
  it('says which blocks a page size has', () => {
    expect(whyNoGranule(G, 'hugetlb', 64 * K)).toBe('64K pages have no 1G block; with hugetlb backing it must be 512M');
  });

  it('says what a backing gives', () => {
    expect(whyNoGranule(G, 'thp', 4 * K)).toBe('thp backing gives 2M with 4K pages');
    expect(whyNoGranule(4 * K, 'hugetlb', 4 * K)).toBe('hugetlb backing gives 1G or 2M with 4K pages');
  });

  it('has nothing against what can be', () => {
    expect(whyNoGranule(2 * M, 'thp', 4 * K)).toBeUndefined();
  });
});
