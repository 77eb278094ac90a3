import { describe, expect, it } from 'vitest';
import { StageCounters } from './counters.ts';

describe('the counters of a stage', () => {
  it('add the faults of both kinds', () => {
    const counters = new StageCounters();
    expect(counters.faults).toBe(0);
    counters.translationFaults = 3;
    counters.permissionFaults = 4;
    expect(counters.faults).toBe(7);
  });

  it('keep number, sum and maximum of the windows', () => {
    const counters = new StageCounters();
    for (const ns of [30.5, 90.25, 10]) counters.windowClosed(ns, 4 * ns);
    expect(counters).toMatchObject({ windows: 3, totalWindowNs: 130.75, longestWindowNs: 90.25, windowPageNs: 523 });
  });

  it('keep stalls to three digits, from one nanosecond on', () => {
    const counters = new StageCounters();
    for (const ns of [0, 0.4, 700.6, 5_432_100]) counters.stalled(ns);
    const { stalls } = counters;
    expect(stalls.count).toBe(4);
    expect(stalls.min).toBe(1);
    expect(stalls.percentile(75)).toBe(701);
    expect(Math.abs(stalls.max / 5_432_100 - 1)).toBeLessThan(1e-3);
  });
});
