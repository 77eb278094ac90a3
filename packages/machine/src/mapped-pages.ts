/** How many pages an entry that was just cleared had mapped. */
import type { EntryId } from '@s2bench/core';
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import { isTable, LAST_LEVEL, TYPE_TABLE, VALID } from '@s2bench/core/stage2';

/**
 * Pages that a cleared entry had mapped: those of a leaf, or of all valid leaves below a table. A clearing leaves the rest
 * of the descriptor, so the way down is still there; a table page is counted by its count, not entry by entry.
 */
export function mappedPages(table: Stage2Table, entry: EntryId, level: number): number {
  const { granuleBytes, pageSizeBytes } = table.geometry;
  if (level === LAST_LEVEL) return 1;
  if ((table.low(entry) & TYPE_TABLE) === 0) return granuleBytes[level as Level] / pageSizeBytes;
  return pagesIn(table, table.childOf(entry), level + 1);
}

function pagesIn(table: Stage2Table, slot: number, level: number): number {
  let left = table.validCount(slot);
  if (level === LAST_LEVEL) return left;
  const { granuleBytes, pageSizeBytes, entriesPerTable } = table.geometry;
  const leafPages = granuleBytes[level as Level] / pageSizeBytes;
  let pages = 0;
  for (let entry = slot * entriesPerTable; left > 0; entry++) {
    const low = table.low(entry);
    if ((low & VALID) === 0) continue;
    left--;
    pages += isTable(low) ? pagesIn(table, table.childOf(entry), level + 1) : leafPages;
  }
  return pages;
}
