/** The walk of a hook: the entries that lie whole in a range, before and after what lies below them. */
import type { Stage2Entry, VisitResult } from '@s2bench/core';
import { OK, type LogVisitor } from '@s2bench/core';
import type { EntryId } from '@s2bench/core';
import type { Ipa, Level, Stage2Table } from '@s2bench/core/stage2';
import { isAligned } from '@s2bench/core/stage2';
import { EntryCursor } from '../v5/entry-cursor.ts';
import type { Visitor, WalkState } from '../v5/walker.ts';
import { LEAF, TABLE_POST, TABLE_PRE } from '../v5/walker.ts';

/** Hands the entries of a range to a hook. Under the lock held alone a walk is the same for both walkers. */
export class LogWalk implements Visitor {
  readonly flags: number;
  readonly #table: Stage2Table;
  readonly #visitor: LogVisitor;
  readonly #begin: Ipa;
  readonly #end: Ipa;
  readonly #cursor: EntryCursor;

  constructor(table: Stage2Table, visitor: LogVisitor, begin: Ipa, end: Ipa) {
    this.#table = table;
    this.#visitor = visitor;
    this.#begin = begin;
    this.#end = end;
    this.#cursor = new EntryCursor(table);
    this.flags =
      (visitor.tablePre === undefined ? 0 : TABLE_PRE) |
      (visitor.tablePost === undefined ? 0 : TABLE_POST) |
      (visitor.leaf === undefined ? 0 : LEAF);
  }

  tablePre(entry: EntryId, level: number, { entryAddress }: WalkState): number {
    return this.#visit(entry, entryAddress, level, (at) => this.#visitor.tablePre?.(at));
  }

  tablePost(entry: EntryId, level: number, { entryAddress }: WalkState): number {
    return this.#visit(entry, entryAddress, level, (at) => this.#visitor.tablePost?.(at));
  }

  leaves(first: EntryId, count: number, level: number, { entryAddress }: WalkState): number {
    const granule = this.#table.geometry.granuleBytes[level as Level];
    for (let index = 0; index < count; index++) {
      const rc = this.#visit(first + index, entryAddress + index * granule, level, (at) => this.#visitor.leaf?.(at));
      if (rc !== OK) return rc;
    }
    return OK;
  }

  #visit(entry: EntryId, address: Ipa, level: number, visit: (at: Stage2Entry) => VisitResult): number {
    const granule = this.#table.geometry.granuleBytes[level as Level];
    if (address < this.#begin || !isAligned(address, granule) || address + granule > this.#end) return OK;
    return visit(this.#cursor.moveTo(entry, address, level)) ?? OK;
  }
}
