/**
 * No break at all: with FEAT_BBM level 2 a block may be written over a table that leads to the same pages, and both may be in
 * TLBs together until the flush. Nobody ever faults on it.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'bbm-level-2',
  summary: 'clean the block, install it over the table, flush the VMID, then unmap and free the subtree',
  source: 'Arm ARM DDI 0487, D8.16.2 (FEAT_BBM level 2), in the order of clean-before-break',
  needs: { bbmLevel: 2 },
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    // Before the block stands: from then on the guest can read from the point of coherency.
    map.clean(entry);
    map.install(entry);
    // Before the table goes: a walker may still be in it.
    map.tlbiVmid();
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;

    if (map.anchor !== entry.id) {
      map.freeTable(map.follow(entry));
      map.put(entry);
      return;
    }
    map.freeTable(map.followed);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
});
