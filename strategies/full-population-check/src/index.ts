/**
 * The idea that the seed thread set aside as too complex: look first whether anything is missing below.
 *
 * A page that is mapped was cleaned when it was mapped. Only where some are not does the block make memory
 * accessible for the first time, and only then is there something to clean.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';

export default defineStrategy({
  name: 'full-population-check',
  summary: 'walk the leaves below; then install first, with a clean of the block only where a leaf is missing',
  source: 'discussed in the thread of 20210208112250.163568-4-wangyanan55@huawei.com, never posted as a patch',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    // Counted before the break, so that the guest still runs while the walk does.
    let mappedBytes = 0;
    map.walkLeaves(map.followed, (leaf) => {
      if (leaf.valid) mappedBytes += leaf.sizeBytes;
    });
    const fullyPopulated = mappedBytes === entry.sizeBytes;

    map.invalidate(entry);
    map.tlbiVmid();
    if (!fullyPopulated) map.clean(entry);
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
