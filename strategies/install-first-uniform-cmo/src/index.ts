/**
 * What the seed thread agreed on in the end: install first, and clean the whole block each time.
 *
 * Safe without knowing how the table was populated, at the price of a clean that a full table does not need.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'install-first-uniform-cmo',
  summary: 'invalidate the entry, flush the VMID, clean the block, install it, then unmap and free the subtree',
  source: 'the last messages of the thread of 20210208112250.163568-4-wangyanan55@huawei.com',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    // Before the install: from then on the guest can read from the point of coherency.
    map.clean(entry);
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
});
