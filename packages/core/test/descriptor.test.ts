import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressHigh,
  addressLow,
  childSerial,
  isCacheable,
  isTable,
  leafAttributes,
  outputAddress,
  rawDescriptor,
  tableHigh,
  tableLow,
  VALID,
  XN_HIGH,
} from '../src/stage2/descriptor.ts';
import { makeGeometry, PAGE_SIZES } from '../src/stage2/geometry.ts';

const READ = { read: true, write: false, execute: false, device: false };
const geometryOf = (pageSizeBytes: number) => makeGeometry(pageSizeBytes, 40);

describe('output addresses', () => {
  it('come back out of the two words, up to 48 bits, and to 52 with 64K pages', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAGE_SIZES), fc.integer({ min: 0, max: 2 ** 52 - 1 }), (pageSizeBytes, any) => {
        const limit = pageSizeBytes === 65536 ? 2 ** 52 : 2 ** 48;
        const address = Math.floor((any % limit) / pageSizeBytes) * pageSizeBytes;
        const geometry = geometryOf(pageSizeBytes);
        expect(outputAddress(addressLow(address, geometry), addressHigh(address), geometry)).toBe(address);
      }),
    );
  });

  it('carry bits 51:48 in bits 15:12 with 64K pages', () => {
    const address = 0xa_1234_5678_0000;
    const geometry = geometryOf(65536);
    expect(rawDescriptor(addressLow(address, geometry), addressHigh(address))).toBe(0x1234_5678_a000n);
  });
});

describe('table descriptors', () => {
  it('name their table page, valid or not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAGE_SIZES), fc.integer({ min: 0, max: 2 ** 30 }), (pageSizeBytes, serial) => {
        const geometry = geometryOf(pageSizeBytes);
        const low = tableLow(serial, geometry);
        expect(isTable(low)).toBe(true);
        expect(isTable(low & ~VALID)).toBe(false);
        expect(childSerial(low & ~VALID, tableHigh(serial, geometry), geometry)).toBe(serial);
      }),
    );
  });
});

describe('attributes', () => {
  it('are the bits of the architecture', () => {
    expect(leafAttributes(READ, false)).toEqual({ low: 0x77c, high: XN_HIGH, cacheable: true });
    expect(leafAttributes({ ...READ, write: true, execute: true }, false)).toEqual({
      low: 0x7fc,
      high: 0,
      cacheable: true,
    });
    expect(leafAttributes({ ...READ, device: true }, false)).toEqual({ low: 0x744, high: XN_HIGH, cacheable: false });
    expect(leafAttributes(READ, true)).toEqual({ low: 0x758, high: XN_HIGH, cacheable: true });
  });

  it('do not exist for executable device memory', () => {
    expect(leafAttributes({ ...READ, execute: true, device: true }, false)).toBeUndefined();
    expect(leafAttributes({ ...READ, execute: true, device: true }, true)).toBeUndefined();
  });

  it('say by themselves whether memory is cacheable', () => {
    for (const fwb of [false, true]) {
      for (const device of [false, true]) {
        expect(isCacheable(leafAttributes({ ...READ, device }, fwb)?.low ?? 0, fwb)).toBe(!device);
      }
    }
  });
});
