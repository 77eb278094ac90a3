/** Mistakes that hang on a count, or on a size: a table of four entries has too few for any of them to show. */
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, flushLeaves, leavesBelow } from '../breed.ts';
import { realTable } from '../habitats.ts';

/** Leaves up to which one thing is done, and above which the other. */
const FEW = 64;
const GIB = 2 ** 30;

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
];
