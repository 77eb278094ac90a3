/** How many pages an entry had mapped that was just taken away. */
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import { isTable, LAST_LEVEL, TYPE_TABLE, VALID } from '@s2bench/core/stage2';

/**
 * Pages that the entry had mapped that a table has lost last: those of a leaf, or of all valid leaves below a table. The
 * table remembers what the entry held; a table page is counted by its count, not entry by entry.
 *
 * @param level - of the entry
 */
export function mappedPages(table: Stage2Table, level: number): number {
  const { granuleBytes, pageSizeBytes } = table.geometry;
  if (level === LAST_LEVEL) return 1;
  if ((table.goneLow & TYPE_TABLE) === 0) return granuleBytes[level as Level] / pageSizeBytes;
  return pagesIn(table, table.childIn(table.goneLow, table.goneHigh), level + 1);
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
