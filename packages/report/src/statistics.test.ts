import { describe, expect, it } from 'vitest';
import { errorPercent, median, savedPercent } from './statistics.ts';

describe('statistics', () => {
  it('takes the median, whatever the order and the count', () => {
    expect(median([2.881, 2.883, 2.885, 2.879, 2.882])).toBe(2.882);
    expect(median([4, 1])).toBe(2.5);
    const sample = [3, 1, 2];
    median(sample);
    expect(sample).toEqual([3, 1, 2]);
  });

  it('gives an error its sign', () => {
    expect(errorPercent(1.1, 1)).toBeCloseTo(10);
    expect(errorPercent(0.9, 1)).toBeCloseTo(-10);
    expect(errorPercent(1, 1)).toBe(0);
  });

  it('says what is saved, and nothing of nothing', () => {
    expect(savedPercent(2.882, 0.306)).toBeCloseTo(89.38, 2);
    expect(savedPercent(1, 1.5)).toBeCloseTo(-50);
    expect(savedPercent(0, 0)).toBe(0);
  });
});
