/** A strategy's own walk over leaves. */
import type { EntryId } from '@s2bench/core';
import { OK } from '@s2bench/core';
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import type { EntryCursor } from './entry-cursor.ts';
import type { Visitor, WalkState } from './walker.ts';
import { LEAF } from './walker.ts';

/** Hands entries that are no table to a function, one at a time. */
export class LeafVisitor<Leaf extends EntryCursor = EntryCursor> implements Visitor {
  readonly flags = LEAF;
  readonly #cursor: Leaf;
  readonly #granules: readonly [number, number, number, number];
  readonly #visit: (leaf: Leaf) => void;

  /** @param cursor - is moved from leaf to leaf */
  constructor(table: Stage2Table, visit: (leaf: Leaf) => void, cursor: Leaf) {
    this.#cursor = cursor;
    this.#granules = table.geometry.granuleBytes;
    this.#visit = visit;
  }

  tablePre(): number {
    return OK;
  }

  tablePost(): number {
    return OK;
  }

  leaves(first: EntryId, count: number, level: number, state: WalkState): number {
    const cursor = this.#cursor;
    const visit = this.#visit;
    const granule = this.#granules[level as Level];
    const end = first + count;
    let address = state.entryAddress;
    for (let entry = first; entry < end; entry++) {
      visit(cursor.moveTo(entry, address, level));
      address += granule;
    }
    return OK;
  }
}
