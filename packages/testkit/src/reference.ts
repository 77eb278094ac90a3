/**
 * What strategies are compared with: the plainest way of making a block of a table. It takes everything down, and
 * makes the block where then nothing is.
 */
import { defineStrategy, NO_ENTRY, OK } from '@s2bench/core';

/** Takes the table down first. */
export const TAKE_DOWN_FIRST = defineStrategy({
  name: 'take-down-first',
  summary: 'invalidate, flush, take down, and map the block as if nothing had been there',
  source: 'what any other order has to end in',
  walkers: ['v5', 'v6'],
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.invalidate(entry);
    map.tlbiVmid();
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
  v6: {
    // There nothing may be taken down before others have left it.
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;
      const table = map.childOf(entry);
      const rc = map.tryLeaf(entry);
      if (rc === OK) map.freeUnlinked(table, entry.level);
      return rc;
    },
  },
});
