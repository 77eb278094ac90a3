/**
 * The seed thread's patch, as posted: the block stands before the subtree goes, and nothing is cleaned.
 *
 * The missing clean is what makes it unsafe where the table was only partly populated: the block makes pages
 * accessible that the guest never had, and nobody has cleaned those.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'install-first-no-cmo',
  summary: 'invalidate the entry, flush the VMID, install the block, then unmap and free the subtree; no clean',
  source: '20210208112250.163568-4-wangyanan55@huawei.com (RFC 3/4)',
  expects: ['data-coherency', 'instruction-coherency', 'lost-guest-write'],

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    // The descriptor is about to be overwritten, and with it the way to the old table.
    map.followed = map.follow(entry);
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
    // The anchor's own reference stays: a valid entry stood there before and stands there now.
    map.freeTable(map.followed);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
});
