/** The coalesces of a lock section: table entries that it found and left as blocks. */
import { childSerial, isTable, VALID } from '@s2bench/core/stage2';
import { uint32At } from '@s2bench/core/stage2';
import { makeSmallGeometry } from '../small-geometry.ts';
import type { TablePage } from './kernel-state.ts';
import type { Section } from './kernel.ts';

/** A table that gave way to a block. */
export interface ReplacedTable {
  /** Level of the block. */
  readonly level: number;
  /** First guest address of the block, in bytes. */
  readonly baseIpa: number;
  /** Entries below it, on all levels, that were not valid: what no guest could reach through the table. */
  readonly missingEntries: number;
}

/** Tables of every small geometry look the same. */
const GEOMETRY = makeSmallGeometry(2);

/** The tables that a section replaced by blocks. */
export function replacedTables({ from, to }: Pick<Section, 'from' | 'to'>): ReplacedTable[] {
  const { entriesPerTable } = GEOMETRY;
  const replaced: ReplacedTable[] = [];
  for (const { slot, level, children } of from.pages) {
    if (children.length === 0 || !to.pages.some((page) => page.slot === slot && page.level === level)) continue;
    for (let entry = slot * entriesPerTable; entry < (slot + 1) * entriesPerTable; entry++) {
      const before = uint32At(from.words, 2 * entry);
      const after = uint32At(to.words, 2 * entry);
      if (!isTable(before) || isTable(after) || (after & VALID) === 0) continue;
      const serial = childSerial(before, uint32At(from.words, 2 * entry + 1), GEOMETRY);
      const table = from.pages.find((page) => page.serial === serial);
      if (table !== undefined)
        replaced.push({ level, baseIpa: table.base, missingEntries: missingBelow(from.pages, table) });
    }
  }
  return replaced;
}

function missingBelow(pages: readonly TablePage[], table: TablePage): number {
  const below = pages.filter(({ slot }) => table.children.includes(slot));
  return below.reduce((sum, page) => sum + missingBelow(pages, page), GEOMETRY.entriesPerTable - table.valid);
}
