/** Cleans in another place, of other sizes, or only where something is missing. */
import { NO_ENTRY } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, beginsTakeDown, variation } from '../breed.ts';

const PAGE_BYTES = 4096;

export const CLEANS: readonly Variation[] = [
  variation({
    name: 'clean-before-break',
    change: 'The block is cleaned while the guest still runs on the old table.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.clean(entry);
        map.invalidate(entry);
        map.tlbiVmid();
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'clean-between-break-and-flush',
    change: 'The block is cleaned while the entry is invalid and not yet flushed.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.clean(entry);
        map.tlbiVmid();
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'clean-page-by-page',
    change: 'The block is cleaned page by page, from its end to its begin, also where FEAT_S2FWB makes it needless.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        for (let offset = entry.sizeBytes - PAGE_BYTES; offset >= 0; offset -= PAGE_BYTES)
          raw.clean(map.physAddress + offset, PAGE_BYTES);
        map.install(entry);
      },
    }),
  }),
  variation({
    name: 'clean-missing-pages-only',
    change: 'Only what was not mapped is cleaned, hole by hole.',
    of: fullPopulationCheck,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.walkLeaves(map.followed, (leaf) => {
          if (!leaf.valid) map.clean(leaf);
        });
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'counted-in-teardown',
    change: 'The population is counted by the walk that takes the subtree down, so that no walk of its own is needed.',
    of: baseline,
    below: () => {
      let mappedBytes = 0;
      return {
        tablePre(entry, map) {
          if (!beginsTakeDown(entry, map)) return;
          mappedBytes = 0;
          map.invalidate(entry);
          map.tlbiVmid();
        },
        leaf(entry, map) {
          if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
          if (!entry.valid) return 0;
          mappedBytes += entry.sizeBytes;
          map.put(entry);
          return 0;
        },
        tablePost(entry, map) {
          if (map.anchor === NO_ENTRY) return;
          map.freeTable(map.follow(entry));
          if (map.anchor !== entry.id) {
            map.put(entry);
            return;
          }
          map.anchor = NO_ENTRY;
          if (mappedBytes < entry.sizeBytes) map.clean(entry);
          map.install(entry);
        },
      };
    },
  }),
  variation({
    name: 'icache-for-everything',
    change: 'The I-cache is invalidated for every block, executable or not, and before it is cleaned and installed.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        raw.invalidateIcache(map.physAddress, entry.sizeBytes);
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
];
