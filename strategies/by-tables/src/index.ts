/**
 * Everything by table pages. Only pages that are not full are looked into for holes, only holes are cleaned, all of that
 * before the break; and what is replaced is freed page by page, without a look at its leaves.
 *
 * The stock order reads each leaf of the old table to drop its reference, one by one or in bulk. A page of level 3 leads to no
 * other page, so there is nothing to be found in it.
 */
import { defineStrategy, type MapOperation, SKIP_BELOW, type TableId } from '@s2bench/core';

/** Cleans what is missing below a table. */
function cleanHoles(map: MapOperation, top: TableId): void {
  const partial: TableId[] = [];
  const partialAbove: TableId[] = [];
  map.walkTables(top, ({ id, level, references, entries }) => {
    if (references === entries + 1) return;
    (level === 3 ? partial : partialAbove).push(id);
  });
  // Holes of a block's size and more: the whole table has to be looked through.
  for (const table of partialAbove.length > 0 ? [top] : partial) {
    map.walkLeaves(table, (leaf) => {
      if (!leaf.valid) map.clean(leaf);
    });
  }
}

export default defineStrategy({
  name: 'by-tables',
  summary:
    'clean the holes of table pages that are not full; break, flush the VMID, install; free without a walk over leaves',
  source: 'an idea of this repository',
  expects: 'safe',

  tablePre(entry, map) {
    if (!map.blockSupported(entry)) return;

    const table = map.follow(entry);
    if (map.needsClean) cleanHoles(map, table);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
    map.freeBelow(table);
    return SKIP_BELOW;
  },
});
