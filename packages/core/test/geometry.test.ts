import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignDown,
  alignUp,
  entryIndex,
  isAligned,
  leafLevelOf,
  leafSizes,
  makeGeometry,
  PAGE_SIZES,
} from '../src/stage2/geometry.ts';

const geometries = fc.record({
  pageSizeBytes: fc.constantFrom(...PAGE_SIZES),
  ipaBits: fc.integer({ min: 32, max: 48 }),
});
const powers = fc.integer({ min: 0, max: 47 }).map((bits) => 2 ** bits);
const addresses = fc.integer({ min: 0, max: 2 ** 52 });

describe('makeGeometry', () => {
  it.each([
    [4096, 32, 2, 4],
    [4096, 40, 1, 2],
    [4096, 43, 1, 16],
    [4096, 44, 0, 1],
    [16384, 40, 2, 16],
    [16384, 48, 1, 2],
    [65536, 40, 2, 1],
    [65536, 44, 2, 4],
  ])(
    'with pages of %i and %i bits starts at level %i with %i root pages',
    (pageSizeBytes, ipaBits, startLevel, rootPages) => {
      expect(makeGeometry(pageSizeBytes, ipaBits)).toMatchObject({ startLevel, rootPages });
    },
  );

  it('makes a root that covers the address space, with 16 pages at most and no level to spare', () => {
    fc.assert(
      fc.property(geometries, ({ pageSizeBytes, ipaBits }) => {
        const { rootPages, rootPageSpanBytes, ipaLimit, startLevel, granuleBytes, entriesPerTable } = makeGeometry(
          pageSizeBytes,
          ipaBits,
        );
        expect(rootPages * rootPageSpanBytes).toBeGreaterThanOrEqual(ipaLimit);
        expect(rootPages).toBeLessThanOrEqual(16);
        if (rootPages > 1) expect(rootPages * rootPageSpanBytes).toBe(ipaLimit);
        // A level lower, the root would need more than 16 pages; KVM never goes below two levels.
        if (startLevel < 2)
          expect(ipaLimit / ((granuleBytes[startLevel + 1] ?? 0) * entriesPerTable)).toBeGreaterThan(16);
      }),
    );
  });

  it.each([
    [8192, 40, 'page size 8192: must be 4096, 16384 or 65536'],
    [4096, 31, 'IPA width 31: must be an integer from 32 to 48 bits'],
    [4096, 49, 'IPA width 49: must be an integer from 32 to 48 bits'],
    [4096, 40.5, 'IPA width 40.5: must be an integer from 32 to 48 bits'],
  ])('refuses pages of %d with %d bits', (pageSizeBytes, ipaBits, message) => {
    expect(() => makeGeometry(pageSizeBytes, ipaBits)).toThrow(new RangeError(message));
  });
});

describe('leaves', () => {
  it('are pages and blocks, of level 1 only with 4K pages', () => {
    expect(leafSizes(makeGeometry(4096, 48))).toEqual([2 ** 30, 2 ** 21, 4096]);
    expect(leafSizes(makeGeometry(16384, 48))).toEqual([2 ** 25, 16384]);
    expect(leafSizes(makeGeometry(65536, 48))).toEqual([2 ** 29, 65536]);
  });

  it('have a level only where the size is that of a leaf', () => {
    expect(leafLevelOf(makeGeometry(4096, 40), 2 ** 30)).toBe(1);
    expect(leafLevelOf(makeGeometry(65536, 40), 2 ** 30)).toBeUndefined();
    expect(leafLevelOf(makeGeometry(16384, 48), 2 ** 36)).toBeUndefined();
    expect(leafLevelOf(makeGeometry(4096, 40), 8192)).toBeUndefined();
  });
});

describe('addresses', () => {
  it('are taken apart into the indices of the levels without loss', () => {
    fc.assert(
      fc.property(geometries, fc.integer({ min: 0, max: 2 ** 48 - 1 }), ({ pageSizeBytes, ipaBits }, any) => {
        const geometry = makeGeometry(pageSizeBytes, ipaBits);
        const address = any % geometry.ipaLimit;
        let sum = Math.floor(address / geometry.rootPageSpanBytes) * geometry.rootPageSpanBytes;
        for (let level = geometry.startLevel; level <= 3; level++) {
          sum += entryIndex(geometry, address, level) * (geometry.granuleBytes[level] ?? 0);
        }
        expect(sum).toBe(alignDown(address, pageSizeBytes));
      }),
    );
  });

  it('are rounded as integers of any width are', () => {
    fc.assert(
      fc.property(addresses, powers, (address, size) => {
        const down = (BigInt(address) / BigInt(size)) * BigInt(size);
        const up = ((BigInt(address) + BigInt(size) - 1n) / BigInt(size)) * BigInt(size);
        expect(BigInt(alignDown(address, size))).toBe(down);
        expect(BigInt(alignUp(address, size))).toBe(up);
        expect(isAligned(address, size)).toBe(down === BigInt(address));
      }),
    );
  });
});
