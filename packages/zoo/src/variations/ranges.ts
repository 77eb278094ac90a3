/** Flushes by range or leaf by leaf, and blocks that the stock leaf handler makes early: odd, and right. */
import { LEVEL_UNKNOWN, SKIP_BELOW } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, flushLeaves, hasHoles, leafByLeaf, variation } from '../breed.ts';

export const RANGES: readonly Variation[] = [
  variation({
    name: 'flushed-by-two-ranges',
    change: 'Not the VMID is flushed but the second half of the block by one TLBI, and then the first.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const halfBytes = entry.sizeBytes / 2;
        map.invalidate(entry);
        map.tlbiRange(entry.address + halfBytes, halfBytes);
        map.tlbiRange(entry.address, halfBytes);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'full-by-leaf-else-by-range',
    change: 'A full table is flushed leaf by leaf, any other by its range, both after the break.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const isFull = !hasHoles(map.followed, map);
        map.invalidate(entry);
        if (isFull) flushLeaves(map.followed, map);
        else map.tlbiRange(entry.address, entry.sizeBytes);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'flushed-from-first-leaf-to-last',
    change:
      'The range that is flushed goes from the first valid leaf to the end of the last: beside them nothing was cached.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let first = -1;
        let end = 0;
        map.walkLeaves(map.followed, (leaf) => {
          if (!leaf.valid) return;
          if (first < 0) first = leaf.address;
          end = leaf.address + leaf.sizeBytes;
        });
        map.clean(entry);
        map.invalidate(entry);
        if (first < 0) map.tlbiIpa(entry, LEVEL_UNKNOWN);
        else map.tlbiRange(first, end - first);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'leaf-by-leaf-unhinted',
    change:
      'Each leaf is broken and flushed by its IPA, and each table that is empty then by its IPA with no level given, before the block is made.',
    of: baseline,
    visitors: leafByLeaf((entry, map) => map.tlbiIpa(entry, LEVEL_UNKNOWN)),
  }),
  variation({
    name: 'stock-leaf-before-teardown',
    change:
      'The stock leaf handler makes the block as soon as the flush is done, and what hung below goes in one call: nothing is walked.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (!map.blockSupported(entry)) return undefined;
        const table = map.follow(entry);
        map.invalidate(entry);
        map.tlbiVmid();
        map.put(entry);
        const rc = map.mapLeaf(entry);
        map.freeBelow(table);
        return rc < 0 ? rc : SKIP_BELOW;
      },
    },
  }),
];
