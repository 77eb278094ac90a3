/** The old table: emptied in another order, flushed leaf by leaf, given back later. */
import type { TableId } from '@s2bench/core';
import { NO_ENTRY, NO_TABLE } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, leafByLeaf, variation } from '../breed.ts';

/** Table pages of the coalesce in progress; empty before and after. */
const unlinked: TableId[] = [];

export const TEARDOWNS: readonly Variation[] = [
  variation({
    name: 'flushed-by-leaf-after-break',
    change:
      'Not the VMID is flushed but every entry of the old table by its IPA, after the break: walks can fill nothing again, and all that may be cached is named.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf));
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'leaf-by-leaf',
    change:
      'Before the table goes, each leaf of it is broken, flushed by its IPA and dropped, as before v5.10; what is empty then is taken down with a flush of the VMID.',
    of: baseline,
    visitors: leafByLeaf((_entry, map) => map.tlbiVmid()),
  }),
  variation({
    name: 'cleaned-in-a-first-pass',
    change:
      'Two passes: the first cleans, leaf by leaf, what the guest cannot reach yet; the second breaks, flushes and installs under the same lock, so that nothing that was clean can be newly owed.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.walkLeaves(map.followed, (leaf) => {
          if (!leaf.valid) map.clean(leaf);
        });
        map.invalidate(entry);
        map.tlbiVmid();
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'frees-deferred-to-the-end',
    change: 'Every table page of the subtree is kept on a list until the block stands, and all are given back then.',
    of: uniformCmo,
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        if (map.anchor !== entry.id) {
          unlinked.push(map.follow(entry));
          map.put(entry);
          return;
        }
        unlinked.push(map.followed);
        for (const table of unlinked.splice(0)) map.freeTable(table);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
  variation({
    name: 'installed-before-frees',
    change:
      'The subtree is emptied first, and its uppermost page outlives the block by a moment: the entry is followed before the block is stored.',
    of: baseline,
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return baseline.tablePost?.(entry, map);
        const table = map.follow(entry);
        map.anchor = NO_ENTRY;
        map.put(entry);
        const rc = map.mapLeaf(entry);
        map.freeTable(table);
        return rc;
      },
    },
  }),
];
