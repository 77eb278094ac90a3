/** Mistakes that hang on where a block lies, how large it is, or what else is below it: in most places they are none. */
import { EAGAIN, NO_ENTRY, NO_TABLE, SKIP_BELOW } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, beginsTakeDown, hasHoles, leavesBelow } from '../breed.ts';
import { habitat, realTable } from '../habitats.ts';

const MIB = 2 ** 20;
/** Blocks of level 2 with pages of 16K and of 64K. */
const BLOCK_OF_16K = 32 * MIB;
const BLOCK_OF_64K = 512 * MIB;
/** Leaves up to which a table is made a block of. */
const FEW = 4;

export const PLACES: readonly Animal[] = [
  animal({
    name: 'range-ends-a-page-early',
    mistake: 'The range of the block is invalidated by one TLBI, and the last page of it is not in the range.',
    of: uniform,
    rule: 'break-before-make',
    habitat: habitat('full-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiRange(entry.address, entry.sizeBytes - PAGE_BYTES);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'range-begins-a-page-late',
    mistake: 'The range that is invalidated has the size of the block, and begins at its second page.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiRange(entry.address + PAGE_BYTES, entry.sizeBytes);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'full-table-unlinked-at-its-level',
    mistake:
      'Where a table is full its leaves are broken and flushed one by one; its own entry is flushed with its own level, at which nothing is left, so that the way to it stays.',
    of: baseline,
    rule: 'walker-safety',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.followed = NO_TABLE;
        if (!hasHoles(map.follow(entry), map)) return;
        map.followed = map.follow(entry);
        map.invalidate(entry);
        map.tlbiVmid();
      },
      leaf(entry, map) {
        if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
        if (!entry.valid) return;
        if (map.followed === NO_TABLE) {
          map.invalidate(entry);
          map.tlbiIpa(entry);
        }
        map.put(entry);
        return;
      },
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        const table = map.follow(entry);
        if (map.followed === NO_TABLE) {
          map.invalidate(entry);
          map.tlbiIpa(entry);
        }
        map.freeTable(table);
        map.put(entry);
        if (map.anchor !== entry.id) return;
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    },
  }),
  animal({
    name: 'hinted-as-first-leaf',
    mistake: 'All leaves below a block of 1G are flushed with the level of the first of them, and some are blocks.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-1'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let level = 0;
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => {
          if (!leaf.valid) return;
          if (level === 0) level = leaf.level;
          map.tlbiIpa(leaf, level);
        });
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'hinted-wrong-with-16k',
    mistake: 'With pages of 16K the leaves are flushed with the level of the block as the hint.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-16k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { level, sizeBytes } = entry;
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf, sizeBytes === BLOCK_OF_16K ? level : leaf.level));
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'not-cleaned-with-64k',
    mistake: 'A block of 512M is not cleaned, since it takes so long.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-64k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        if (entry.sizeBytes !== BLOCK_OF_64K) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'odd-blocks-not-cleaned',
    mistake: 'The block is cleaned where an even block of host memory is behind it.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const isEven = (map.physAddress / entry.sizeBytes) % 2 === 0;
        map.invalidate(entry);
        map.tlbiVmid();
        if (isEven) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'above-4g-not-cleaned',
    mistake: 'Whether a block was cleaned is looked up by 32 bits of its address: above 4 GiB it is taken for another.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        if (entry.address < 2 ** 32) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'many-leaves-left-alone',
    mistake: 'A table with more than four leaves is left as it is, and the map says that all has been done.',
    of: uniform,
    rule: 'mapping',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return undefined;
        return leavesBelow(map.follow(entry), map) > FEW ? SKIP_BELOW : uniform.tablePre?.(entry, map);
      },
    },
  }),
  animal({
    name: 'eagain-where-first-is-mapped',
    mistake: 'A table of more than four leaves whose first page is mapped is left for later with EAGAIN.',
    of: uniform,
    rule: 'progress',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return undefined;
        const table = map.follow(entry);
        let firstMapped = Infinity;
        map.walkLeaves(table, (leaf) => {
          if (leaf.valid) firstMapped = Math.min(firstMapped, leaf.address);
        });
        const isLeft = firstMapped === entry.address && leavesBelow(table, map) > FEW;
        return isLeft ? EAGAIN : uniform.tablePre?.(entry, map);
      },
    },
  }),
  animal({
    name: 'full-beside-partial-not-cleaned',
    mistake: 'A block is not cleaned where one of the lower tables is full, whatever is missing in the others.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-1'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let full = 0;
        let partial = 0;
        map.walkTables(map.followed, ({ level, references, entries }) => {
          if (level < 3) return;
          if (references === entries + 1) full++;
          else partial++;
        });
        map.invalidate(entry);
        map.tlbiVmid();
        if (full === 0 || partial === 0) map.clean(entry);
        map.install(entry);
      },
    },
  }),
];
