/**
 * The clean comes first, while the guest still runs on the old table: what lies between break and make is a flush.
 *
 * What a clean before the break has to reach is what was written before the block exists. A page that nothing maps is
 * written by the host alone, through its caches, before the fault that asks for the block; a page that is mapped was
 * cleaned when it was. So the clean may as well come before the break as after it, and nobody waits for it but who
 * faults.
 */
import { defineStrategy, EAGAIN, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'clean-before-break',
  summary: 'clean the block, invalidate the entry, flush the VMID, install the block, then unmap and free the subtree',
  source: 'an idea of this repository; the order is that of RFC 3/4, 20210208112250.163568-4-wangyanan55@huawei.com',
  walkers: ['v5', 'v6'],
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.clean(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
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

  v6: {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;

      const table = map.childOf(entry);
      // Who loses the exchange has cleaned for nothing: vCPUs that race here each clean the block.
      map.clean(entry);
      map.invalidateIcache(entry);
      if (!map.tryBreak(entry)) return EAGAIN;
      map.make(entry);
      map.freeUnlinked(table, entry.level);
      return;
    },
  },
});
