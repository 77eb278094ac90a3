/** Mistakes that hang on what stands beside what below a block: rights, levels, runs of holes, the first leaf and the last. */
import { NO_ENTRY, NO_TABLE, type MapOperation, type Stage2Entry, type Strategy } from '@s2bench/core';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst } from '../breed.ts';
import { realTable } from '../habitats.ts';

const GIB = 2 ** 30;
/** Holes in a row that are thought to be a ballooned range, which nobody reads. */
const LONG_RUN = 17;

type Leaf = Pick<Stage2Entry, 'valid' | 'address' | 'sizeBytes' | 'level' | 'writable' | 'executable'>;

/** The leaves below the table that is followed, each as it stands. */
function leavesOf(map: MapOperation): Leaf[] {
  const leaves: Leaf[] = [];
  map.walkLeaves(map.followed, ({ valid, address, sizeBytes, level, writable, executable }) => {
    leaves.push({ valid, address, sizeBytes, level, writable, executable });
  });
  return leaves;
}

/** Install-first that flushes and cleans as far as the leaves below say. */
function deciding(ways: {
  readonly flushes?: (leaves: readonly Leaf[]) => boolean;
  readonly cleans?: (leaves: readonly Leaf[]) => boolean;
}): Pick<Strategy, 'tablePre'> {
  return {
    tablePre(entry, map) {
      if (!beginsInstallFirst(entry, map)) return;
      const leaves = leavesOf(map);
      map.invalidate(entry);
      if (ways.flushes?.(leaves) ?? true) map.tlbiVmid();
      if (ways.cleans?.(leaves) ?? true) map.clean(entry);
      map.install(entry);
    },
  };
}

/** Install-first that cleans those leaves alone, by their number among all. */
function cleaningLeaves(
  isCleaned: (leaf: Leaf, at: number, leaves: readonly Leaf[]) => boolean,
): Pick<Strategy, 'tablePre'> {
  return {
    tablePre(entry, map) {
      if (!beginsInstallFirst(entry, map)) return;
      const leaves = leavesOf(map);
      let at = 0;
      map.walkLeaves(map.followed, (leaf) => {
        if (isCleaned(leaf, at++, leaves)) map.clean(leaf);
      });
      map.invalidate(entry);
      map.tlbiVmid();
      map.install(entry);
    },
  };
}

/** Whether some valid leaves have a right, and others have not. */
function differ(leaves: readonly Leaf[], right: 'writable' | 'executable'): boolean {
  const valid = leaves.filter((leaf) => leaf.valid);
  return valid.some((leaf) => leaf[right]) && valid.some((leaf) => !leaf[right]);
}

function longestRun(leaves: readonly Leaf[]): number {
  let run = 0;
  return Math.max(...leaves.map(({ valid }) => (run = valid ? 0 : run + 1)));
}

export const MIXTURES: readonly Animal[] = [
  animal({
    name: 'read-only-beside-writable-not-cleaned',
    mistake: 'Where pages that may be written lie beside others that may not, the block is taken for clean.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: deciding({ cleans: (leaves) => !differ(leaves, 'writable') }),
  }),
  animal({
    name: 'executable-beside-others-not-flushed',
    mistake: 'Nothing is flushed where some of the pages may be fetched from, and others may not.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-2'),
    visitors: deciding({ flushes: (leaves) => !differ(leaves, 'executable') }),
  }),
  animal({
    name: 'long-runs-not-cleaned',
    mistake: 'Where seventeen pages in a row are missing, nobody is thought to read them, and nothing is cleaned.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: deciding({ cleans: (leaves) => longestRun(leaves) < LONG_RUN }),
  }),
  animal({
    name: 'first-three-holes-cleaned',
    mistake: 'A list of holes has three places: what is missing beyond them is not cleaned.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: cleaningLeaves(
      (leaf, at, leaves) => !leaf.valid && leaves.slice(0, at).filter(({ valid }) => !valid).length < 3,
    ),
  }),
  animal({
    name: 'last-leaf-not-cleaned',
    mistake: 'The loop that cleans leaf by leaf ends one leaf early.',
    of: uniform,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-2'),
    visitors: cleaningLeaves((_leaf, at, leaves) => at < leaves.length - 1),
  }),
  animal({
    name: 'holes-of-pages-alone',
    mistake: 'Missing pages are cleaned, and a missing entry of level 2, which is as large as a block, is passed over.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: realTable('real-4k-level-1'),
    visitors: cleaningLeaves(({ valid, level }) => !valid && level === 3),
  }),
  animal({
    name: 'span-ends-at-last-leaf',
    mistake: 'The range that is flushed goes from the first leaf to the last, and ends where the last begins.',
    of: uniform,
    rule: 'break-before-make',
    habitat: realTable('real-4k-level-2'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const valid = leavesOf(map).filter((leaf) => leaf.valid);
        const first = valid[0]?.address ?? entry.address;
        const last = valid.at(-1)?.address ?? first;
        map.clean(entry);
        map.invalidate(entry);
        if (last > first) map.tlbiRange(first, last - first);
        else map.tlbiVmid();
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'flushed-last-for-1g',
    mistake: 'Of a block of 1G the flush comes at the end of the walk, when the lower tables are freed already.',
    of: uniform,
    rule: 'walker-safety',
    habitat: realTable('real-4k-level-1'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.clean(entry);
        map.invalidate(entry);
        if (entry.sizeBytes < GIB) map.tlbiVmid();
      },
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        if (map.anchor !== entry.id) {
          map.freeTable(map.follow(entry));
          map.put(entry);
          return;
        }
        if (entry.sizeBytes >= GIB) map.tlbiVmid();
        map.install(entry);
        map.freeTable(map.followed);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
];
