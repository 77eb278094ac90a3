/**
 * Strategies that decide by how many leaves there are. A table of four entries has too few for any of them to show; they are
 * judged in tables of real size.
 */
import type { MapOperation, Stage2Entry, Strategy, TableId } from '@s2bench/core';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import uniform from '@s2bench/strategy-install-first-uniform-cmo';
import type { RuleName } from '@s2bench/verify';
import { beginsInstallFirst, bred } from '../breed.ts';

/** A broken strategy that shows in a table of real size. */
export interface ThresholdAnimal {
  /** Also the name of its strategy. */
  readonly name: string;
  /** The mistake, in one sentence. */
  readonly mistake: string;
  /** The rule that it is meant for. */
  readonly rule: RuleName;
  /** Names of the real tables in which it is caught. */
  readonly caughtIn: readonly string[];
  readonly strategy: Strategy;
}

/** A correct one. */
export interface ThresholdVariation {
  readonly name: string;
  /** What it does otherwise, in one sentence. */
  readonly change: string;
  readonly strategy: Strategy;
}

/** Leaves up to which a threshold strategy does one thing, and above which the other. */
const FEW = 64;
const GIB = 2 ** 30;

function made(
  name: string,
  of: Strategy,
  summary: string,
  expects: 'safe' | [RuleName],
  tablePre: NonNullable<Strategy['tablePre']>,
): Strategy {
  return bred({ name, of, visitors: { tablePre } }, summary, expects);
}

function leavesBelow(table: TableId, map: MapOperation): number {
  let leaves = 0;
  map.walkLeaves(table, (leaf) => {
    if (leaf.valid) leaves++;
  });
  return leaves;
}

function flushByLeaf(table: TableId, map: MapOperation): void {
  map.walkLeaves(table, (leaf) => {
    if (leaf.valid) map.tlbiIpa(leaf);
  });
}

function finish(entry: Stage2Entry, map: MapOperation): void {
  map.clean(entry);
  map.install(entry);
}

const FLUSH_BEFORE =
  'Up to 64 leaves are flushed one by one after the break; where there are more, the VMID is flushed before it.';
const FIRST_64 = 'Whether the table is full is looked up in its first 64 leaves only.';
const NOTHING_FOR_1G = 'A block of 1G is neither flushed nor cleaned for, since there is hardly ever one.';

/** Broken. */
export const THRESHOLD_ANIMALS: readonly ThresholdAnimal[] = [
  {
    name: 'flushes-many-before-break',
    mistake: FLUSH_BEFORE,
    rule: 'break-before-make',
    caughtIn: ['real-4k-level-2', 'real-16k-level-2', 'real-64k-level-2', 'real-4k-level-1'],
    strategy: made('flushes-many-before-break', uniform, FLUSH_BEFORE, ['break-before-make'], (entry, map) => {
      if (!beginsInstallFirst(entry, map)) return;
      const isFew = leavesBelow(map.followed, map) <= FEW;
      if (!isFew) map.tlbiVmid();
      map.invalidate(entry);
      if (isFew) flushByLeaf(map.followed, map);
      finish(entry, map);
    }),
  },
  {
    name: 'looks-at-first-64',
    mistake: FIRST_64,
    rule: 'data-coherency',
    caughtIn: ['real-4k-level-2', 'real-16k-level-2', 'real-64k-level-2', 'real-4k-level-1'],
    strategy: made('looks-at-first-64', fullPopulationCheck, FIRST_64, ['data-coherency'], (entry, map) => {
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
    }),
  },
  {
    name: 'nothing-for-1g',
    mistake: NOTHING_FOR_1G,
    rule: 'break-before-make',
    caughtIn: ['real-4k-level-1'],
    strategy: made('nothing-for-1g', uniform, NOTHING_FOR_1G, ['break-before-make'], (entry, map) => {
      if (!beginsInstallFirst(entry, map)) return;
      map.invalidate(entry);
      if (entry.sizeBytes < GIB) {
        map.tlbiVmid();
        map.clean(entry);
      }
      map.install(entry);
    }),
  },
];

const BY_LEAF = 'Up to 64 leaves are flushed one by one, more of them with the VMID, both after the break.';
const COUNTS_UP_TO_64 = 'The block is cleaned where it has more than 64 holes, and hole by hole where it has fewer.';
const BY_SIZE = 'Before a block of 1G everything is flushed twice, since nobody minds.';

/** Correct. */
export const THRESHOLD_VARIATIONS: readonly ThresholdVariation[] = [
  {
    name: 'few-leaves-by-ipa',
    change: BY_LEAF,
    strategy: made('few-leaves-by-ipa', uniform, BY_LEAF, 'safe', (entry, map) => {
      if (!beginsInstallFirst(entry, map)) return;
      const isFew = leavesBelow(map.followed, map) <= FEW;
      map.invalidate(entry);
      if (isFew) flushByLeaf(map.followed, map);
      else map.tlbiVmid();
      finish(entry, map);
    }),
  },
  {
    name: 'few-holes-one-by-one',
    change: COUNTS_UP_TO_64,
    strategy: made('few-holes-one-by-one', fullPopulationCheck, COUNTS_UP_TO_64, 'safe', (entry, map) => {
      if (!beginsInstallFirst(entry, map)) return;
      const { followed } = map;
      let holes = 0;
      map.walkLeaves(followed, (leaf) => {
        if (!leaf.valid) holes++;
      });
      map.invalidate(entry);
      map.tlbiVmid();
      if (holes > FEW) map.clean(entry);
      else
        map.walkLeaves(followed, (leaf) => {
          if (!leaf.valid) map.clean(leaf);
        });
      map.install(entry);
    }),
  },
  {
    name: 'twice-for-1g',
    change: BY_SIZE,
    strategy: made('twice-for-1g', uniform, BY_SIZE, 'safe', (entry, map) => {
      if (!beginsInstallFirst(entry, map)) return;
      map.invalidate(entry);
      map.tlbiVmid();
      if (entry.sizeBytes >= GIB) map.tlbiVmid();
      finish(entry, map);
    }),
  },
];
