/**
 * Whether anything is missing below, asked of the table pages: a page's references say how many of its entries are valid.
 *
 * full-population-check looks at every leaf, 262,144 of them below a block of 1G with pages of 4K. This looks at 513 table
 * pages. It cleans before the break.
 */
import { defineStrategy, EAGAIN, type MapOperation, NO_ENTRY, NO_TABLE, type TableId } from '@s2bench/core';

/** Each valid entry holds a reference, and the page one of its own. */
function isFull(map: Pick<MapOperation, 'walkTables'>, table: TableId): boolean {
  let full = true;
  map.walkTables(table, ({ references, entries }) => {
    if (references !== entries + 1) full = false;
  });
  return full;
}

export default defineStrategy({
  name: 'population-by-count',
  summary:
    'count references of table pages; clean the block where one is not full; break, flush the VMID, install, free',
  source: 'an idea of this repository, after the discussion of 20210208112250.163568-4-wangyanan55@huawei.com',
  walkers: ['v5', 'v6'],
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.anchor = entry.id;
    map.followed = map.follow(entry);
    if (map.needsClean && !isFull(map, map.followed)) map.clean(entry);
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
      // Before the break others may map pages below. They clean what they map, so that it can only be fuller than it was.
      if (map.needsClean && !isFull(map, table)) map.clean(entry);
      map.invalidateIcache(entry);
      if (!map.tryBreak(entry)) return EAGAIN;
      map.make(entry);
      map.freeUnlinked(table, entry.level);
      return;
    },
  },
});
