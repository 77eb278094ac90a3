import { describe, expect, it } from 'vitest';
import { granulesOf, parseGranule, whyNoGranule } from './granules.ts';

const G = 2 ** 30;
const M = 2 ** 20;
const K = 2 ** 10;

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
  it('says by what KVM maps the contiguous sizes of hugetlb', () => {
    expect(whyNoGranule(64 * K, 'hugetlb', 4 * K)).toMatch(/^contiguous entries are not modelled: .* by pages/);
    expect(whyNoGranule(32 * M, 'hugetlb', 4 * K)).toMatch(/ by blocks of 2M: --granule 2M$/);
    expect(whyNoGranule(G, 'hugetlb', 16 * K)).toMatch(/ by blocks of 32M/);
    expect(whyNoGranule(32 * M, 'hugetlb', 16 * K)).toBeUndefined();
  });

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

describe('parseGranule', () => {
  const parse = (text: string) => parseGranule(text, '--granule', ['hugetlb', 'thp'], [4 * K, 64 * K]);

  it('takes a size, or what is the largest', () => {
    expect(parse('2M')).toEqual([2 * M]);
    expect(parse('largest')).toEqual(['largest']);
  });

  it('takes those of a range that can be', () => {
    expect(parse('2M..512M')).toEqual([2 * M, 512 * M]);
    expect(parse('1K..1T')).toEqual([2 * M, 512 * M, G]);
  });

  it('says in one line what is wrong', () => {
    expect(() => parse('4M..8M')).toThrow('--granule 4M..8M: none lies between; there are 2M, 512M, 1G');
    expect(() => parse('2M..1G:x2')).toThrow('--granule 2M..1G:x2: takes all that there are between, without a step');
    expect(() => parse('biggest')).toThrow(
      '--granule biggest: not a size; write a whole number and a unit, for example 20G',
    );
  });
});
