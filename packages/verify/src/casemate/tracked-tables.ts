/**
 * What Casemate keeps of table pages that are part of a live table: where they hang, and which of their entries are
 * unclean, that is, invalid while the last valid value may still be in some TLB.
 */
import { ACCESS_FLAG, SOFTWARE_BITS } from './real-table.ts';
import { leaveIf, refuseIf } from './refusal.ts';
import { ENTRY_BYTES, PAGE_ENTRIES, type TraceMemory } from './trace-memory.ts';

const VALID = 1n;
const TABLE = 2n;
const ADDRESS = 0xffff_ffff_f000n;
const LAST_LEVEL = 3;

/** How far an unclean entry has come: stored, then a DSB, a TLBI that covers it, and a DSB ISH, after which it is clean. */
type Cleaning = 'stored' | 'dsb' | 'tlbi-ipa' | 'tlbi-ipa-dsb' | 'tlbi';

/** An unclean entry. */
export interface Unclean {
  readonly table: TrackedTable;
  readonly index: number;
  /** The CPU that invalidated it, and that has to clean it. */
  readonly tid: number;
  /** Its last valid value. */
  readonly old: bigint;
  step: Cleaning;
}

/** A table page that is part of a live table. */
export interface TrackedTable {
  readonly page: bigint;
  readonly root: bigint;
  readonly level: number;
  /** The first address that it translates. */
  readonly base: bigint;
  /** A table entry above it is unclean. */
  frozen: boolean;
}

type Visit = (page: bigint, index: number) => void;

/** The table pages that are tracked. */
export class TrackedTables {
  readonly #memory: TraceMemory;
  readonly #tables = new Map<bigint, TrackedTable>();
  /** The newest first. */
  #uncleans: Unclean[] = [];

  constructor(memory: TraceMemory) {
    this.#memory = memory;
  }

  get(page: bigint): TrackedTable | undefined {
    return this.#tables.get(page);
  }

  /** The unclean entries, the newest first. */
  get uncleans(): readonly Unclean[] {
    return this.#uncleans;
  }

  isUnclean(page: bigint, index: number): boolean {
    return this.#uncleans.some((each) => each.table.page === page && each.index === index);
  }

  /** Tracks a table page and all that hangs below it. */
  mark(page: bigint, level: number, base: bigint, root: bigint): void {
    this.walk(page, level, base, (each, index, itsLevel, itsBase) => {
      if (index > 0) return;
      refuseIf(this.#tables.has(each), 'linkedTwice');
      this.#tables.set(each, { page: each, root, level: itsLevel, base: itsBase, frozen: false });
    });
  }

  /** Tracks a table page and all that hangs below it no longer. */
  unmark(page: bigint, level: number, base: bigint): void {
    this.walk(page, level, base, (each) => this.#tables.delete(each));
    this.#uncleans = this.#uncleans.filter(({ table }) => this.#tables.get(table.page) === table);
  }

  /** An entry was made invalid. What hangs below it may not be changed until it is clean. */
  invalidate(table: TrackedTable, index: number, old: bigint, tid: number): void {
    this.#uncleans.unshift({ table, index, tid, old, step: 'stored' });
    if (isTable(old, table.level)) this.#below(table, index, old, (each) => (each.frozen = true));
  }

  /** An entry was made valid: what hangs below it is tracked. */
  link(table: TrackedTable, index: number, value: bigint): void {
    if (!isTable(value, table.level)) return;
    this.mark(value & ADDRESS, table.level + 1, table.base + BigInt(index) * spanOf(table.level), table.root);
  }

  /** A DSB ISH after the TLBI: the entry is clean, and what hung below it is no part of the table any more. */
  clean(unclean: Unclean): void {
    const { table, index, old } = unclean;
    if (isTable(old, table.level)) {
      leaveIf(!this.#isReachable(table), 'a table is cut off above an entry that is not clean');
      const base = table.base + BigInt(index) * spanOf(table.level);
      const child = old & ADDRESS;
      this.walk(child, table.level + 1, base, (page, each) => refuseIf(this.isUnclean(page, each), 'uncleanBelow'));
      this.unmark(child, table.level + 1, base);
    }
    this.#uncleans = this.#uncleans.filter((each) => each !== unclean);
  }

  /**
   * Visits the entries of a table page and of all that hang below it, in order.
   *
   * @throws Refusal where a page was not initialised, or a valid entry is of no kind that its level has
   */
  walk(
    page: bigint,
    level: number,
    base: bigint,
    visit: (...at: [...Parameters<Visit>, number, bigint]) => void,
  ): void {
    const words = this.#memory.page(page);
    refuseIf(words === undefined, 'walkToUnknown');
    for (let index = 0; index < PAGE_ENTRIES; index++) {
      const value = words?.[index] ?? 0n;
      refuseIf(isMisfit(value, level), 'encoding');
      visit(page, index, level, base);
      if (isTable(value, level)) this.walk(value & ADDRESS, level + 1, base + BigInt(index) * spanOf(level), visit);
    }
  }

  #below(table: TrackedTable, index: number, value: bigint, visit: (table: TrackedTable) => void): void {
    const base = table.base + BigInt(index) * spanOf(table.level);
    this.walk(value & ADDRESS, table.level + 1, base, (page) => {
      const tracked = this.#tables.get(page);
      if (tracked !== undefined) visit(tracked);
    });
  }

  /** Whether a walk from the root comes to a table page. */
  #isReachable({ page, root, level, base }: TrackedTable): boolean {
    let at = root;
    for (let above = 0; above < level; above++) {
      const index = Number((base / spanOf(above)) % BigInt(PAGE_ENTRIES));
      const value = this.#memory.page(at)?.[index] ?? 0n;
      if (!isTable(value, above)) return false;
      at = value & ADDRESS;
    }
    return at === page;
  }
}

/** Whether a value is valid. */
export function isValid(value: bigint): boolean {
  return (value & VALID) !== 0n;
}

/** Whether a value is a valid table at a level. */
export function isTable(value: bigint, level: number): boolean {
  return level < LAST_LEVEL && (value & (VALID | TABLE)) === (VALID | TABLE);
}

/** Whether a valid value is neither table nor leaf: a block at level 0, or one at the last level. */
export function isMisfit(value: bigint, level: number): boolean {
  return isValid(value) && (value & TABLE) === 0n && (level === 0 || level === LAST_LEVEL);
}

/** Whether one valid value may not give way to another without a break: as Casemate sees it, not as Arm does. */
export function needsBreak(before: bigint, after: bigint, level: number): boolean {
  if (isTable(before, level) || isTable(after, level)) return true;
  // Who has no access flag is in no TLB. Casemate asks for no break where either has it, which is less than that.
  if (((before | after) & ACCESS_FLAG) !== 0n) return false;
  return (before & ~SOFTWARE_BITS) !== (after & ~SOFTWARE_BITS);
}

/** Bytes that an entry covers. */
export function spanOf(level: number): bigint {
  return 1n << BigInt(12 + 9 * (LAST_LEVEL - level));
}

/** The address of an entry. */
export function entryAddress(page: bigint, index: number): bigint {
  return page + BigInt(index) * ENTRY_BYTES;
}
