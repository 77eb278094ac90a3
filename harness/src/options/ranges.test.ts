import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandRange, type RangeKind } from './ranges.ts';
import { formatSize, parseInteger, parseSize } from './values.ts';

const NUMBERS: RangeKind = {
  parse: (text, origin) => parseInteger(text, origin, { min: 0, max: 4096, example: 20 }),
  step: '+1',
  example: '1..64:x2',
};
const SIZES: RangeKind = { parse: parseSize, step: 'x2', example: '1G..64G:x4' };
const numbers = (text: string) => expandRange(text, '--vcpus', NUMBERS);

describe('expandRange', () => {
  it('leaves a single value alone', () => {
    expect(numbers('20')).toEqual([20]);
  });

  it('counts, adds and multiplies', () => {
    expect(numbers('3..6')).toEqual([3, 4, 5, 6]);
    expect(numbers('8..64:+24')).toEqual([8, 32, 56]);
    expect(numbers('1..64:x2')).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(numbers('0..8:x2')).toEqual([0]);
  });

  it('doubles sizes, or adds one', () => {
    const sizes = (text: string) => expandRange(text, '--memory', SIZES).map(formatSize);
    expect(sizes('512M..3G')).toEqual(['512M', '1G', '2G']);
    expect(sizes('1G..2G:+512M')).toEqual(['1G', '1536M', '2G']);
  });

  it('begins with the first, never passes the last, and goes up', () => {
    const end = fc.integer({ min: 0, max: 4096 });
    fc.assert(
      fc.property(end, end, fc.integer({ min: 5, max: 100 }), fc.boolean(), (a, b, step, isFactor) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        const values = numbers(`${first}..${last}:${isFactor ? 'x' : '+'}${step}`);
        expect(values[0]).toBe(first);
        expect(values).toEqual([...new Set(values)].sort((x, y) => x - y));
        expect(values.at(-1)).toBeLessThanOrEqual(last);
        // One more would be beyond.
        const beyond = isFactor ? (values.at(-1) ?? 0) * step : (values.at(-1) ?? 0) + step;
        if (first > 0) expect(beyond).toBeGreaterThan(last);
      }),
    );
  });

  it.each([
    ['1..', '--vcpus 1..: a range needs two ends, for example 1..64:x2'],
    ['..', '--vcpus ..: a range needs two ends, for example 1..64:x2'],
    ['64..1', '--vcpus 64..1: runs backwards; write it as 1..64'],
    ['1..a', '--vcpus a: must be a whole number from 0 to 4096, for example 20'],
    ['1..64:x1', '--vcpus 1..64:x1: x1 is no step; write :+N to add, or :xN to multiply by 2 or more'],
    ['1..64:+0', '--vcpus 1..64:+0: +0 is no step; write :+N to add, or :xN to multiply by 2 or more'],
    ['1..64:', '--vcpus 1..64::  is no step; write :+N to add, or :xN to multiply by 2 or more'],
    ['1..64:2', '--vcpus 1..64:2: 2 is no step; write :+N to add, or :xN to multiply by 2 or more'],
    ['0..4096', '--vcpus 0..4096: more than 1024 values; take a larger step, for example 1..64:x2'],
  ])('refuses %s in one line', (text, message) => {
    expect(() => numbers(text)).toThrow(message);
  });
});
