/** Mistakes that hang on a count, or on a size: a table of four entries has too few for any of them to show. */
import { NO_ENTRY, type Strategy } from '@s2bench/core';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, flushLeaves, leavesBelow } from '../breed.ts';
import { realTable } from '../habitats.ts';

/** Leaves up to which one thing is done, and above which the other. */
const FEW = 64;
const GIB = 2 ** 30;

/** Install-first, which cleans where the number of leaves says so. */
function cleaning(cleansFor: (leaves: number) => boolean): Pick<Strategy, 'tablePre'> {
  return {
    tablePre(entry, map) {
      if (!beginsInstallFirst(entry, map)) return;
      const leaves = leavesBelow(map.followed, map);
      map.invalidate(entry);
      map.tlbiVmid();
      if (cleansFor(leaves)) map.clean(entry);
      map.install(entry);
    },
  };
}

export const THRESHOLDS: readonly Animal[] = [
  animal({
    name: 'flushes-many-before-break',
    mistake:
      'Up to 64 leaves are flushed one by one after the break; where there are more, the VMID is flushed before it.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const isFew = leavesBelow(map.followed, map) <= FEW;
        if (!isFew) map.tlbiVmid();
        map.invalidate(entry);
        if (isFew) flushLeaves(map.followed, map);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'looks-at-first-64',
    mistake: 'Whether the table is full is looked up in its first 64 leaves only.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let seen = 0;
        let holes = 0;
        map.walkLeaves(map.followed, (leaf) => {
          if (seen < FEW && !leaf.valid) holes++;
          seen++;
        });
        map.invalidate(entry);
        map.tlbiVmid();
        if (holes > 0) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'nothing-for-1g',
    mistake: 'A block of 1G is neither flushed nor cleaned for, since there is hardly ever one.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-1'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        if (entry.sizeBytes < GIB) {
          map.tlbiVmid();
          map.clean(entry);
        }
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'even-counts-not-cleaned',
    mistake: 'The block is not cleaned where more than five leaves are mapped, and their number is even.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: cleaning((leaves) => leaves <= 5 || leaves % 2 === 1),
  }),
  animal({
    name: 'window-of-counts-not-cleaned',
    mistake: 'The block is not cleaned where 100 to 110 leaves are mapped.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: cleaning((leaves) => leaves < 100 || leaves > 110),
  }),
  animal({
    name: 'one-count-not-flushed',
    mistake: 'Nothing is flushed where exactly 300 leaves are mapped.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const leaves = leavesBelow(map.followed, map);
        map.invalidate(entry);
        if (leaves !== 300) map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'two-holes-apart-not-cleaned',
    mistake: 'The block is not cleaned where two leaves are missing, with two between them.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const holes: number[] = [];
        map.walkLeaves(map.followed, (leaf) => {
          if (!leaf.valid) holes.push(leaf.address / leaf.sizeBytes);
        });
        const [first = 0, second = 0] = holes;
        map.invalidate(entry);
        map.tlbiVmid();
        if (holes.length !== 2 || second - first !== 3) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'lower-blocks-put-twice',
    mistake: 'Below a block of 1G the references of lower blocks are dropped as often as those of lower tables.',
    of: uniform,
    rule: 'accounting',
    habitat: realTable('real-4k-level-1'),
    visitors: {
      leaf(entry, map) {
        if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
        if (entry.valid) map.put(entry);
        if (entry.valid && entry.level === 2) map.put(entry);
        return;
      },
    },
  }),
];
