/**
 * The order of v5.14 to v6.1: as in v5.11 the table is broken, the VMID flushed and the subtree taken down before the
 * block is made; but the topmost of the old tables is freed only once the block stands.
 *
 * That one page makes no difference to guests: the entry stays invalid for the teardown of everything below, and for the
 * clean.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'upstream-5-14',
  summary:
    'invalidate the entry, flush the VMID, free what is below, clean, install the block, free the topmost old table',
  source: 'linux v5.14 to v6.1, arch/arm64/kvm/hyp/pgtable.c',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    // What is broken becomes 0, so that the way to the table has to be kept.
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;

    if (map.anchor !== entry.id) {
      map.freeTable(map.follow(entry));
      map.put(entry);
      return;
    }
    const table = map.followed;
    map.anchor = NO_ENTRY;
    map.followed = NO_TABLE;
    // The release gives the old page back whether or not the new leaf could be made.
    const rc = map.mapLeaf(entry);
    map.freeTable(table);
    map.put(entry);
    return rc;
  },
});
