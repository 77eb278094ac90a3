import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSmallGeometry } from '../small-geometry.ts';
import { PAGE_BYTES } from '../world.ts';
import { realLeaf, ROOT_ADDRESS, smallPage, spread, TABLE_BYTES, upperLinks } from './real-table.ts';

const REAL_BYTES = { 1: 2n ** 30n, 2: 2n ** 21n, 3: 2n ** 12n } as const;
const page = fc.nat({ max: 2 ** 12 });

describe('an address', () => {
  it('keeps its indices: four pages are a real block of 2M, sixteen one of 1G', () => {
    expect([0, 1, 3, 4, 15, 16].map((number) => spread(number * PAGE_BYTES))).toEqual([
      0n,
      0x1000n,
      0x3000n,
      0x200000n,
      0x603000n,
      0x40000000n,
    ]);
  });

  it('stays its own, and in its order', () => {
    fc.assert(
      fc.property(page, page, (a, b) => {
        expect(spread(a * PAGE_BYTES) < spread(b * PAGE_BYTES)).toBe(a < b);
      }),
    );
  });

  it.each([1, 2, 3] as const)('of a level-%d leaf stays aligned, and its pages stay inside', (level) => {
    const pages = 4 ** (3 - level);
    fc.assert(
      fc.property(page, fc.nat({ max: pages - 1 }), (number, offset) => {
        const first = number - (number % pages);
        const begin = spread(first * PAGE_BYTES);
        expect(begin % REAL_BYTES[level]).toBe(0n);
        expect(spread((first + offset) * PAGE_BYTES) - begin).toBeLessThan(REAL_BYTES[level]);
      }),
    );
  });
});

describe('a descriptor', () => {
  it('keeps its attributes, and what it leads to', () => {
    const low = (0x101000 | 0x7ff) >>> 0;
    expect(realLeaf(low, 1 << 22, makeSmallGeometry(2))).toBe(spread(0x101000) | 0x7ffn | (1n << 54n));
    expect(realLeaf(low & ~1, 0, makeSmallGeometry(2))).toBe(spread(0x101000) | 0x7fen);
  });
});

describe('the tables above the small root', () => {
  it.each([1, 2])('lead from level 0 down to level %d', (startLevel) => {
    let at = ROOT_ADDRESS;
    const links = new Map(upperLinks(startLevel).map(({ address, value }) => [address, value]));
    for (let level = 0; level < startLevel; level++) at = ((links.get(at) ?? 0n) / TABLE_BYTES) * TABLE_BYTES;
    expect(at).toBe(smallPage(0));
    expect(links.size).toBe(startLevel);
  });
});
