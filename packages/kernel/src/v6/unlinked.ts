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

  /** Whether anything waits. */
  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** @param level - of the entry that led to the table page */
  add(table: TableId, level: number): void {
    this.#table.effects.tableUnlinked(this.#table.arena.serialOf(table), level);
    this.#waiting.push(table);
  }

  /** Every walk that could be in them has ended: they go, with all that is below. */
  free(): void {
    if (!this.any) return;
    const tables = this.#waiting;
    this.#waiting = [];
    this.#table.effects.gracePeriodEnded();
    for (const table of tables) {
      destroyBelow(this.#table, table);
      this.#table.freeTable(table);
    }
  }
}
