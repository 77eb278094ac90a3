/** A geometry with four entries a table page: everything that happens at a coalesce happens in it too. */
import type { Geometry } from '@s2bench/core/stage2';

const PAGE_SHIFT = 12;
const INDEX_BITS = 2;
const LAST_LEVEL = 3;

/** Levels that a small table may have: a root above pages, or one level of tables between them. */
export type SmallLevels = 2 | 3;

/**
 * Makes a geometry of 4K pages with four entries a table page.
 *
 * A level-2 block is four pages, a level-1 block sixteen. The core's code runs on it unchanged: nothing in it
 * assumes 512 entries.
 *
 * @param levels - 2: the root is at level 2; 3: it is at level 1
 */
export function makeSmallGeometry(levels: SmallLevels): Geometry {
  const shiftAt = (level: number): number => PAGE_SHIFT + (LAST_LEVEL - level) * INDEX_BITS;
  const startLevel = LAST_LEVEL + 1 - levels;
  const ipaBits = shiftAt(startLevel) + INDEX_BITS;
  return {
    pageSizeBytes: 4096,
    pageShift: PAGE_SHIFT,
    ipaBits,
    ipaLimit: 2 ** ipaBits,
    entriesPerTable: 1 << INDEX_BITS,
    startLevel,
    rootPages: 1,
    granuleBytes: [2 ** shiftAt(0), 2 ** shiftAt(1), 2 ** shiftAt(2), 2 ** shiftAt(3)],
    rootPageSpanBytes: 2 ** ipaBits,
    leafAllowed: [false, true, true, true],
  };
}
