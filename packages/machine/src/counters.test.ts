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

  it('count what the stage-2 code has answered, by answer', () => {
    const counters = new StageCounters();
    for (const outcome of ['spurious', 'relaxed', 'relaxed', 'retried', 'mapped', 'retried', 'retried'] as const)
      counters.answered(outcome);
    expect(counters).toMatchObject({ spuriousFaults: 1, relaxed: 2, retriedFaults: 3 });
  });

  it('keep the longest time that the host has held mmu_lock', () => {
    const counters = new StageCounters();
    for (const ns of [30, 90, 20]) counters.hostHeldLock(ns);
    expect(counters.longestHostLockNs).toBe(90);
  });

  it('keep number, sum and maximum of the host’s tasks, by name', () => {
    const counters = new StageCounters();
    for (const ns of [30, 90, 20]) counters.hostTaskEnded('unmap', ns);
    counters.hostTaskEnded('collect-log', 7);
    expect([...counters.hostTasks]).toEqual([
      ['unmap', { count: 3, totalNs: 140, longestNs: 90 }],
      ['collect-log', { count: 1, totalNs: 7, longestNs: 7 }],
    ]);
  });
});
