/** Strategies that do one thing for few leaves and another for many, each of them right. */
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, flushLeaves, holesBelow, leavesBelow, variation } from '../breed.ts';

const FEW = 64;
const GIB = 2 ** 30;

export const THRESHOLDS: readonly Variation[] = [
  variation({
    name: 'few-leaves-by-ipa',
    change: 'Up to 64 leaves are flushed one by one, more of them with the VMID, both after the break.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const isFew = leavesBelow(map.followed, map) <= FEW;
        map.invalidate(entry);
        if (isFew) flushLeaves(map.followed, map);
        else map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'few-holes-one-by-one',
    change: 'The block is cleaned where it has more than 64 holes, and hole by hole where it has fewer.',
    of: fullPopulationCheck,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { followed } = map;
        const holes = holesBelow(followed, map);
        map.invalidate(entry);
        map.tlbiVmid();
        if (holes > FEW) map.clean(entry);
        else
          map.walkLeaves(followed, (leaf) => {
            if (!leaf.valid) map.clean(leaf);
          });
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'twice-for-1g',
    change: 'For a block of 1G everything is flushed twice, since nobody minds.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        if (entry.sizeBytes >= GIB) map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'one-count-page-by-page',
    change:
      'Where exactly 300 leaves are mapped the block is cleaned entry by entry; where their number is odd, each is flushed too.',
    of: uniform,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { followed } = map;
        const leaves = leavesBelow(followed, map);
        map.invalidate(entry);
        if (leaves % 2 === 1) flushLeaves(followed, map);
        map.tlbiVmid();
        if (leaves === 300) map.walkLeaves(followed, (leaf) => map.clean(leaf));
        else map.clean(entry);
        map.install(entry);
      },
    },
  }),
];
