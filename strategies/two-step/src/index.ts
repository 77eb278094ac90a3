/**
 * A block of 1G in two faults. The first makes blocks of the full tables below, from the front on and without a clean, and goes
 * back to the guest where it meets one that is not full; the second one cleans what was never mapped and makes the block.
 *
 * So no hold of mmu_lock has all of the work in it. The first may go back with nothing mapped where the guest asked: its next
 * access is the second fault. There is no third one, since blocks stand below by then.
 */
import { defineStrategy, EAGAIN, type MapOperation, NO_TABLE, SKIP_BELOW, type TableId } from '@s2bench/core';

/** What the table pages below a table say by their counts: each valid entry holds a reference, and the page one of its own. */
function countsBelow(map: MapOperation, top: TableId): { readonly beginsFull: boolean; readonly tablesAlone: boolean } {
  const full: boolean[] = [];
  let entriesOfTop = 0;
  map.walkTables(top, ({ id, references, entries }) => {
    if (id === top) entriesOfTop = references - 1;
    else full.push(references === entries + 1);
  });
  return { beginsFull: full[0] === true, tablesAlone: full.length === entriesOfTop };
}

function isFull(map: MapOperation, table: TableId): boolean {
  let full = true;
  map.walkTables(table, ({ references, entries }) => {
    if (references !== entries + 1) full = false;
  });
  return full;
}

export default defineStrategy({
  name: 'two-step',
  summary:
    'first fault: full tables from the front on become blocks; second: clean the holes, break, flush the VMID, install, free',
  source: 'an idea of this repository',
  expects: 'safe',

  tablePre(entry, map) {
    if (!map.blockSupported(entry)) return;

    const table = map.follow(entry);
    const isBelow = map.followed !== NO_TABLE;
    if (isBelow && !isFull(map, table)) return EAGAIN;
    if (!isBelow) {
      const { beginsFull, tablesAlone } = countsBelow(map, table);
      if (beginsFull && tablesAlone) {
        // The first step: the walk goes on below.
        map.followed = table;
        return;
      }
      if (map.needsClean) {
        map.walkLeaves(table, (leaf) => {
          if (!leaf.valid) map.clean(leaf);
        });
      }
    }
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
    map.freeBelow(table);
    return SKIP_BELOW;
  },

  tablePost(_entry, map) {
    if (map.followed !== NO_TABLE) map.followed = NO_TABLE;
  },
});
