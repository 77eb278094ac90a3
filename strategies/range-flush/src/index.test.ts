import { type Stage2Entry, withOptions } from '@s2bench/core';
import { testStrategy } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import strategy from './index.ts';

testStrategy(strategy, { worlds: ['partial-table', 'real-4k-level-2'], runs: 10 });

describe('the flush', () => {
  const MIB = 2 ** 20;
  it.each([
    [1, 2, 'vmid'],
    [2, 2, 'range'],
    [1024, 1024, 'range'],
    [32, 1024, 'vmid'],
  ])('with a threshold of %i MiB is for a block of %i MiB by %s', (thresholdMib, sizeMib, expected) => {
    const flushes: string[] = [];
    const map = {
      anchor: -1,
      blockSupported: () => true,
      follow: () => 0,
      clean: () => undefined,
      invalidate: () => undefined,
      tlbiRange: (address: number, sizeBytes: number) => flushes.push(`range ${address / MIB} ${sizeBytes / MIB}`),
      tlbiVmid: () => flushes.push('vmid'),
      install: () => undefined,
    };
    const entry = { id: 1, address: 1024 * MIB, sizeBytes: sizeMib * MIB } as Stage2Entry;
    withOptions(strategy, { thresholdMib }).tablePre?.(entry, map as never);
    expect(flushes).toEqual([expected === 'vmid' ? 'vmid' : `range 1024 ${sizeMib}`]);
  });
});
