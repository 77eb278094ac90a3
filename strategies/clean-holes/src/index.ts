/** Cleans what was not mapped and nothing else, and does so before the break: a page that is mapped was cleaned when it was. */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'clean-holes',
  summary: 'clean each hole, invalidate the entry, flush the VMID, install the block, then unmap and free the subtree',
  source: 'an idea of this repository, after the discussion of 20210208112250.163568-4-wangyanan55@huawei.com',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    if (map.needsClean) {
      map.walkLeaves(map.followed, (leaf) => {
        if (!leaf.valid) map.clean(leaf);
      });
    }
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
});
