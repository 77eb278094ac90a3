/** What is done with table pages alone: page by page, without a look at the leaves of level 3. */
import type { EntryId, TableId, TablePage } from '@s2bench/core';
import { NO_TABLE } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { isTable, LAST_LEVEL } from '@s2bench/core/stage2';

/** One object for all table pages of a walk. */
class TablePageCursor implements TablePage {
  id: TableId = NO_TABLE;
  level = 0;
  references = 0;
  readonly entries: number;

  constructor(entries: number) {
    this.entries = entries;
  }
}

/**
 * Refuses a walk of a table page that was given back: in a kernel it may be anybody's by then, whatever still stands here.
 *
 * @throws RangeError where the page has not even a reference of its own
 */
export function refuseFreed(table: Stage2Table, slot: TableId, what: string): void {
  if (table.references(slot) < 1)
    throw new RangeError(`${what}: the table page was given back, so that it may be anybody's: walk it before`);
}

/** Visits a table page and all below it, each before those below. A page's count is one read, as a descriptor is. */
export function walkTables(table: Stage2Table, top: TableId, visit: (page: TablePage) => void): void {
  const cursor = new TablePageCursor(table.geometry.entriesPerTable);
  const walk = (slot: TableId): void => {
    const { arena, effects } = table;
    effects.descriptorsRead(1, -1);
    cursor.id = slot;
    cursor.level = arena.levelOf(slot);
    cursor.references = table.references(slot);
    visit(cursor);
    eachChild(table, slot, walk);
  };
  walk(top);
}

/** Frees a table page that nothing leads to any more, and all below it. Whoever had references on them has none now. */
export function freeTables(table: Stage2Table, top: TableId): void {
  const free = (slot: TableId): void => {
    eachChild(table, slot, free);
    const others = table.references(slot) - 1;
    if (others > 0) table.drop(slot, others);
    table.freeTable(slot);
  };
  free(top);
}

/** Entries of level 3 lead to no table and are not read. */
function eachChild(table: Stage2Table, slot: TableId, act: (child: TableId) => void): void {
  if (table.arena.levelOf(slot) === LAST_LEVEL) return;
  const { entriesPerTable } = table.geometry;
  const first = slot * entriesPerTable;
  for (let entry = first; entry < first + entriesPerTable; entry++) {
    table.effects.descriptorsRead(1, entry);
    if (isTable(table.low(entry))) act(table.childOf(entry));
  }
}

/** Drops the references of the valid ones among `count` entries, which are one table page or less: what is above them goes. */
export function dropValid(table: Stage2Table, first: EntryId, count: number): void {
  const slot = table.slotOf(first);
  // A whole page is known by its count; entries one by one are read only where the range holds a part of it.
  const isWhole = count === table.geometry.entriesPerTable && !table.hasOwners;
  const counted = isWhole ? table.validCount(slot) : table.countCounted(first, count);
  if (counted > 0) table.drop(slot, counted);
}
