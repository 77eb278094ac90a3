/** Blocks that are made rarely, or never: a table is as right as a block, and only costs TLB reach. */
import type { MapOperation, Stage2Entry, VisitResult } from '@s2bench/core';
import { NO_ENTRY, NO_TABLE } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import type { Variation } from '../animal.ts';
import { hasHoles, variation } from '../breed.ts';

/**
 * Keeps a table over which a block was asked for. The mark tells `remapped` that the leaves below are of such a map: it
 * is set until the walk has left the table.
 */
function keepTable(entry: Stage2Entry, map: MapOperation): void {
  if (map.followed === NO_TABLE) map.followed = map.follow(entry);
}

/**
 * A leaf below a table that is kept. The stock handler would answer EAGAIN at the first one that is there, and leave the
 * rest unmapped: so a leaf that is there is broken, flushed by its own IPA, and mapped with the rights that are asked for.
 */
function remapped(entry: Stage2Entry, map: MapOperation): VisitResult {
  if (map.anchor !== NO_ENTRY) {
    if (entry.valid) map.put(entry);
    return;
  }
  if (map.followed !== NO_TABLE && entry.valid) {
    map.invalidate(entry);
    map.tlbiIpa(entry);
    map.put(entry);
  }
  return map.mapLeaf(entry);
}

/** Forgets the mark when the walk leaves the table that was kept. */
function leaveTable(entry: Stage2Entry, map: MapOperation): void {
  if (map.followed === map.follow(entry)) map.followed = NO_TABLE;
}

/** Takes down and maps the block, as baseline does. */
function tookDown(entry: Stage2Entry, map: MapOperation): VisitResult {
  return baseline.tablePost?.(entry, map);
}

export const BLOCKS: readonly Variation[] = [
  variation({
    name: 'never-coalesces',
    change: 'No table ever becomes a block: what is missing in it is mapped, and what is there is mapped anew.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (map.blockSupported(entry)) keepTable(entry, map);
      },
      leaf: remapped,
      tablePost: leaveTable,
    },
  }),
  variation({
    name: 'coalesces-only-when-full',
    change:
      'A table becomes a block where every page of it is mapped; where some are missing, these are mapped as pages.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
        if (map.followed === NO_TABLE && !hasHoles(map.follow(entry), map)) return baseline.tablePre?.(entry, map);
        keepTable(entry, map);
      },
      leaf: remapped,
      tablePost(entry, map) {
        if (map.anchor !== NO_ENTRY) return tookDown(entry, map);
        leaveTable(entry, map);
      },
    },
  }),
  variation({
    name: 'coalesces-only-level-2',
    change:
      'No table of tables becomes a block: each of its tables becomes one of level 2, and what is missing is mapped so.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
        if (entry.level === 2) return baseline.tablePre?.(entry, map);
        keepTable(entry, map);
      },
      leaf: remapped,
      tablePost(entry, map) {
        if (map.anchor !== NO_ENTRY) return tookDown(entry, map);
        leaveTable(entry, map);
      },
    },
  }),
];
