import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSize, parseSize } from './size.ts';

describe('parseSize', () => {
  it.each([
    ['4K', 4096],
    ['2m', 2 ** 21],
    ['20G', 20 * 2 ** 30],
    ['1T', 2 ** 40],
    ['1536M', 1536 * 2 ** 20],
  ])('reads %s', (text, sizeBytes) => {
    expect(parseSize(text, '--memory')).toBe(sizeBytes);
  });

  it.each([
    ['20', '--memory 20: a size needs a unit (K, M, G or T), for example 20G'],
    ['1Q', '--memory 1Q: unknown unit Q; the units are K, M, G and T, for example 1G'],
    ['1GB', '--memory 1GB: unknown unit GB; the units are K, M, G and T, for example 1G'],
    ['0G', '--memory 0G: must be more than nothing, for example 1G'],
    ['1.5G', '--memory 1.5G: not a size; write a whole number and a unit, for example 20G'],
    ['-1G', '--memory -1G: not a size; write a whole number and a unit, for example 20G'],
    ['99999T', "--memory 99999T: larger than any guest; a guest's address space ends at 256T"],
  ])('refuses %s', (text, message) => {
    expect(() => parseSize(text, '--memory')).toThrow(message);
  });
});

describe('formatSize', () => {
  it('takes the largest unit that leaves a whole number', () => {
    expect(formatSize(2 ** 30)).toBe('1G');
    expect(formatSize(1536 * 2 ** 20)).toBe('1536M');
    expect(formatSize(4095)).toBe('4095');
  });

  it('is what parseSize reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (kibibytes) => {
        expect(parseSize(formatSize(kibibytes * 1024), '')).toBe(kibibytes * 1024);
      }),
    );
  });
});
