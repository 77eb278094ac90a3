import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';
import { GROUP_SEPARATOR, formatCount } from './count.ts';
import { formatPercent, formatPercentRange, formatSignedPercent } from './percent.ts';
import { formatRange } from './range.ts';
import { formatSignificant } from './significant.ts';
import { formatSeconds, formatTime } from './time.ts';

const UNIT_NS: Readonly<Record<string, number>> = { s: 1e9, ms: 1e6, µs: 1e3, ns: 1 };

describe('times', () => {
  it.each([
    [0, '0 s'],
    [2.882e9, '2.88 s'],
    [155.4e6, '155 ms'],
    [20_080, '20.1 µs'],
    [7.7, '7.70 ns'],
    [0.0123, '0.0123 ns'],
    [999.6e6, '1.00 s'],
    [999.4e6, '999 ms'],
    [12_345.6e9, `12${GROUP_SEPARATOR}346 s`],
  ])('%f ns is %s', (ns, text) => expect(formatTime(ns)).toBe(text));

  it('are right to three digits, in a unit that keeps them below a thousand', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), (ns) => {
        const [digits = '', unit = ''] = formatTime(ns).replaceAll(GROUP_SEPARATOR, '').split(' ');
        const shown = Number(digits) * (UNIT_NS[unit] ?? NaN);
        expect(Math.abs(shown - ns) / ns).toBeLessThanOrEqual(0.005001);
        if (unit !== 's') expect(Number(digits)).toBeLessThan(1000);
      }),
    );
  });

  it('in seconds have three decimals', () => expect(formatSeconds(0.5339)).toBe('0.534'));
});

describe('counts', () => {
  it.each([
    [0, '0'],
    [9999, '9999'],
    [131_073, `131${GROUP_SEPARATOR}073`],
    [1_310_720, `1${GROUP_SEPARATOR}310${GROUP_SEPARATOR}720`],
  ])('%d is %s', (count, text) => expect(formatCount(count)).toBe(text));

  it('lose no digit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (count) => {
        const groups = formatCount(count).split(GROUP_SEPARATOR);
        expect(Number(groups.join(''))).toBe(count);
        expect(groups.slice(1).every((group) => group.length === 3)).toBe(true);
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [4096, '4 KiB'],
    [2 ** 21, '2 MiB'],
    [20 * 2 ** 30, '20 GiB'],
    [2 ** 40, '1 TiB'],
    [1.5 * 2 ** 30, '1.50 GiB'],
    [2 ** 20 - 1, '1.00 MiB'],
    [1000 * 2 ** 30, '1000 GiB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('are right to three digits', () => {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 52 }), (bytes) => {
        const [digits = '', unit = ''] = formatBytes(bytes).split(' ');
        const shown = Number(digits.replaceAll(GROUP_SEPARATOR, '')) * 1024 ** units.indexOf(unit);
        expect(Math.abs(shown - bytes) / bytes).toBeLessThanOrEqual(0.005001);
      }),
    );
  });
});

describe('percentages', () => {
  it.each([
    [0, '0 %'],
    [0.00001, '0 %'],
    [0.0017, '0.0017 %'],
    [1.59, '1.6 %'],
    [83.2, '83 %'],
    [99.7, '99.7 %'],
    [99.998, '99.998 %'],
    [100, '100 %'],
    [100.4, '100.4 %'],
    [-3.14159, '−3.1 %'],
  ])('%f is %s', (percent, text) => expect(formatPercent(percent)).toBe(text));

  it.each([
    [0.314, '+0.31 %'],
    [-1.588, '−1.59 %'],
    [0.0017, '+0.0017 %'],
    [0, '0.00 %'],
  ])('as a difference %f is %s', (percent, text) => expect(formatSignedPercent(percent)).toBe(text));

  it('as a range are one where they read alike', () => {
    expect(formatPercentRange(82.9, 89.4)).toBe('83–89 %');
    expect(formatPercentRange(83.1, 83.2)).toBe('83 %');
    expect(formatPercentRange(-2, 3)).toBe('−2.0 to 3.0 %');
  });

  it('short of the whole are never shown as the whole', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 50, noNaN: true }), (short) => {
        expect(formatPercent(100 - short)).not.toMatch(/^100/);
      }),
    );
  });
});

describe('significant digits', () => {
  it('carry into the next decade', () => expect(formatSignificant(9.996)).toBe('10.0'));
  it('leave larger integers whole', () => expect(formatSignificant(123_456)).toBe('123456'));
  it('never take an exponent', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (value) => {
        expect(formatSignificant(value)).toMatch(/^\d+(\.\d+)?$/);
      }),
    );
  });
});

describe('ranges', () => {
  it('show both ends, one value, or that there is none', () => {
    expect(formatRange([3, 1, 2], String)).toBe('1 to 3');
    expect(formatRange([1.1, 1.2], (value) => value.toFixed(0))).toBe('1');
    expect(formatRange([], String)).toBe('–');
  });
});
