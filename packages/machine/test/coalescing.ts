/** Strategies to run machines with: the two orders of a coalesce, each with and without its clean. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, EAGAIN, NO_ENTRY, NO_TABLE } from '@s2bench/core';

const source = 'the tests of the machine';

/** Invalidate, flush the VMID, free what lies below, map the block with the clean that the kernel model asks for. */
export const TAKE_DOWN_FIRST: Strategy = defineStrategy({
  name: 'take-down-first',
  summary: 'the block is mapped once the table below is gone',
  source,
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** Invalidate, flush and drop each leaf before the table above them: pages are gone long before the block's own entry is. */
export const LEAF_BY_LEAF: Strategy = defineStrategy({
  name: 'leaf-by-leaf',
  summary: 'each leaf is taken away before the table',
  source,
  tablePre(entry, map) {
    if (map.anchor === NO_ENTRY && map.blockSupported(entry)) map.anchor = entry.id;
  },
  leaf(entry, map) {
    if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
    if (!entry.valid) return 0;
    map.invalidate(entry);
    map.tlbiIpa(entry);
    map.put(entry);
    return 0;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

function installFirst(name: string, cleans: boolean): Strategy {
  return defineStrategy({
    name,
    summary: 'the block stands before the table below is freed',
    source,
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      map.anchor = entry.id;
      map.followed = map.follow(entry);
      map.invalidate(entry);
      map.tlbiVmid();
      if (cleans) map.clean(entry);
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
}

/** Invalidate, flush the VMID, clean the block, install it, free what lies below. */
export const INSTALL_FIRST = installFirst('install-first', true);

/** As {@link INSTALL_FIRST} without the clean: guests with their caches off may read stale memory. */
export const INSTALL_FIRST_NO_CLEAN = installFirst('install-first-no-clean', false);

/** The order of v6.2 and later: break, flush, clean, make; what was below goes after a grace period. */
export const BREAK_FIRST: Strategy = defineStrategy({
  name: 'break-first',
  summary: 'breaks the table, makes the block, frees what was below later',
  source,
  walkers: ['v6'],
  v6: {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;
      const table = map.childOf(entry);
      if (!map.tryBreak(entry)) return EAGAIN;
      map.clean(entry);
      map.make(entry);
      map.freeUnlinked(table, entry.level);
      return;
    },
  },
});
