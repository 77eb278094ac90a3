/** The bench has to see what a broken strategy does; strategies themselves are tested in their packages. */
import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { CoalesceBench } from './coalesce-bench.ts';

const named = { summary: 'broken on purpose', source: 'this test' };

/** The stock order, without the put for the table entry that goes. */
const forgetsPut = defineStrategy({
  ...named,
  name: 'forgets-put',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** Frees first and flushes after. */
const flushesLate = defineStrategy({
  ...named,
  name: 'flushes-late',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    map.tlbiVmid();
    return map.mapLeaf(entry);
  },
});

describe('CoalesceBench', () => {
  it('finds a table page whose reference was not dropped', () => {
    const bench = new CoalesceBench(forgetsPut, 4096, 2);
    bench.mapPage(0);
    expect(bench.miscounted).toEqual([]);
    bench.mapBlock();
    expect(bench.miscounted).toHaveLength(1);
  });

  it('shows that a table page went before the flush', () => {
    const bench = new CoalesceBench(flushesLate, 4096, 2);
    bench.mapPage(0);
    expect(bench.mapBlock().actions.map((action) => action.do)).toEqual([
      'invalidate',
      'free',
      'tlbi-vmid',
      'clean',
      'install',
    ]);
  });
});
