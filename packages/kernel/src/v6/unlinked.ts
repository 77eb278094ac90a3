/** Tables that have left the tree and wait for a grace period: other walks may still be in them. */
import type { TableId } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { destroyBelow } from '../v5/unmap.ts';

/** What was unlinked from one table, in order. */
export class UnlinkedTables {
  readonly #table: Stage2Table;
  #waiting: TableId[] = [];

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  /** How many wait. */
  get count(): number {
    return this.#waiting.length;
  }

  /** @param level - of the entry that led to the table page */
  add(table: TableId, level: number): void {
    this.#table.effects.tableUnlinked(this.#table.arena.serialOf(table), level);
    this.#waiting.push(table);
  }

  /** Every walk that could be in those that have waited longest has ended: they go, with all that is below. */
  free(most: number): void {
    const tables = this.#waiting.splice(0, most);
    if (tables.length === 0) return;
    this.#table.effects.gracePeriodEnded();
    for (const table of tables) {
      destroyBelow(this.#table, table);
      this.#table.freeTable(table);
    }
  }
}
