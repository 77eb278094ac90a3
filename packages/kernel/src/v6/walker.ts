/**
 * The walker of v6.2 and later: each descriptor is read, its visitor called with what was read, and then it is read again,
 * so that the walk descends into what a visitor has made of it; of a table only from v6.4 on (linux a9f0e3d5a089).
 *
 * It is for visitors that replace what they visit. What only takes away or changes leaves under the exclusive lock walks
 * as in v5.11 (`../v5/walker.ts`): nothing in it has changed.
 */
import type { ReadDescriptor } from '@s2bench/core';
import { EAGAIN, ERANGE, OK } from '@s2bench/core';
import type { Ipa, Level, Stage2Table } from '@s2bench/core/stage2';
import { alignDown, entryIndex, isTable, LAST_LEVEL, LOCKED, VALID } from '@s2bench/core/stage2';
import { setRange, WalkState } from '../v5/walker.ts';

/** What the walker read. One object a walk. */
export class OldDescriptor implements ReadDescriptor {
  low = 0;
  high = 0;
  /** Of the entry that it was read from. */
  level = 0;

  get valid(): boolean {
    return (this.low & VALID) !== 0;
  }

  get isTable(): boolean {
    return this.level < LAST_LEVEL && isTable(this.low);
  }

  get isLocked(): boolean {
    return (this.low & (VALID | LOCKED)) === LOCKED;
  }

  get isCounted(): boolean {
    return (this.low | this.high) !== 0;
  }
}

/** What a map or a split does at the entries that its walk comes to. */
export interface V6Visitor {
  /** A valid table, before what is below it. Left out: the walk descends. */
  tablePre?(entry: number, level: number, walk: V6Walk): number;
  leaf(entry: number, level: number, walk: V6Walk): number;
}

/** How a release walks. */
export interface WalkRules {
  /** Linux a9f0e3d5a089: what TABLE_PRE has replaced is read again. Without that the walk goes on in the table that went. */
  readonly rereadsTables: boolean;
  /** EAGAIN does not end the walk. */
  readonly goesOnAfterAgain: boolean;
}

/** A walk whose visitors replace no tables, or in which what they made is read. */
const STRICT: WalkRules = { rereadsTables: true, goesOnAfterAgain: false };

/** A walk, and where it is. One object is reused. */
export class V6Walk extends WalkState {
  readonly old = new OldDescriptor();
  readonly #table: Stage2Table;
  #rules = STRICT;

  constructor(table: Stage2Table) {
    super();
    this.#table = table;
  }

  /**
   * Walks the entries that translate a range.
   *
   * @returns 0, ERANGE where the range leaves the guest's address space, or what a visitor returned
   */
  run(address: Ipa, sizeBytes: number, visitor: V6Visitor, rules = STRICT): number {
    const { geometry } = this.#table;
    if (!setRange(this, geometry, address, sizeBytes)) return ERANGE;
    this.#rules = rules;
    let rootPage = Math.floor(this.address / geometry.rootPageSpanBytes);
    while (this.address < this.end) {
      const rc = this.#walkTable(visitor, rootPage++, geometry.startLevel);
      if (rc !== OK) return rc;
    }
    return OK;
  }

  /** Reads an entry, as a walk does before it visits it. */
  #read(entry: number, level: number): void {
    const table = this.#table;
    const { old } = this;
    table.effects.descriptorsRead(1, entry);
    old.low = table.low(entry);
    old.high = table.high(entry);
    old.level = level;
  }

  #walkTable(visitor: V6Visitor, slot: number, level: number): number {
    const { geometry } = this.#table;
    const entries = geometry.entriesPerTable;
    for (let index = entryIndex(geometry, this.address, level); index < entries && this.address < this.end; index++) {
      const rc = this.#visit(visitor, slot * entries + index, level);
      if (rc !== OK) return rc;
    }
    return OK;
  }

  #visit(visitor: V6Visitor, entry: number, level: number): number {
    const { old } = this;
    const table = this.#table;
    const { address } = this;
    this.#read(entry, level);
    this.entryAddress = address;
    let rc = OK;
    let isReread = true;
    if (!old.isTable) rc = visitor.leaf(entry, level, this);
    else if (visitor.tablePre === undefined) isReread = false;
    else {
      rc = visitor.tablePre(entry, level, this);
      isReread = this.#rules.rereadsTables;
    }
    // At level 3 nothing lies below that what is read could lead to.
    if (isReread && level < LAST_LEVEL) this.#read(entry, level);
    if (rc !== OK && !(rc === EAGAIN && this.#rules.goesOnAfterAgain)) return rc;
    if (!old.isTable) {
      const granule = table.geometry.granuleBytes[level as Level];
      this.address = alignDown(address, granule) + granule;
      return OK;
    }
    return this.#walkTable(visitor, table.childIn(old.low, old.high), level + 1);
  }
}
