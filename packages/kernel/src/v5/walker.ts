/** The walker of v5.11 to v6.1: which entries are visited, in which order, through which descriptor. */
import { ERANGE, OK, SKIP_BELOW } from '@s2bench/core';
import type { Geometry, Ipa, Level, Stage2Table } from '@s2bench/core/stage2';
import { isTable, alignDown, alignUp, entryIndex, LAST_LEVEL } from '@s2bench/core/stage2';

/** Visits entries that are no table. */
export const LEAF = 1;
/** Visits a table before what lies below it. */
export const TABLE_PRE = 2;
/** Visits a table after what lies below it. */
export const TABLE_POST = 4;

/**
 * Where a walk is. Addresses live in fields and are not handed on as arguments: a call that V8 does not inline
 * allocates a heap number for each argument that is no small integer.
 */
export class WalkState {
  /** The address that the walk has come to. */
  address: Ipa = 0;
  /** The address at the entry that is visited. At TABLE_POST the walk itself is already beyond it. */
  entryAddress: Ipa = 0;
  /** The end of the range, rounded up to a page. */
  end: Ipa = 0;
}

/**
 * What an operation does at the entries that a walk comes to. Return codes are 0 or a negative errno, which ends
 * the walk; of `tablePre` also `SKIP_BELOW`.
 *
 * `state.entryAddress` is the walk's address at the entry. It need not be aligned to the level's granule: a walk may come
 * in anywhere, and where the table does not align walks, as in v5.11, it steps over a block from there.
 */
export interface Visitor {
  /** Any of {@link LEAF}, {@link TABLE_PRE}, {@link TABLE_POST}. */
  readonly flags: number;
  /**
   * `count` neighbouring entries of one table page, none of them a table; `count` is 1 above level 3.
   *
   * @param entry - arena index of the first one
   */
  leaves(entry: number, count: number, level: number, state: WalkState): number;
  tablePre(entry: number, level: number, state: WalkState): number;
  tablePost(entry: number, level: number, state: WalkState): number;
}

/**
 * Walks the entries that translate `[address, address + sizeBytes)`, rounded outwards to pages.
 *
 * Each descriptor is read once, before the visitors run; a walk descends through what was read, so that a
 * `tablePre` that overwrites the entry still lets the walk reach the old table. Only after a leaf was visited is
 * the descriptor read again, since the visitor may have installed a table.
 *
 * Where the table does not align walks, one that comes to an entry above level 3 beyond its begin, and finds no table,
 * passes over as much of what follows: the bug that linux 357ad203d45c mends.
 *
 * @param sizeBytes - a negative size is one that wraps around 2^64, as the kernel's arithmetic does
 * @returns 0, ERANGE where the range leaves the guest's address space, or what a visitor returned
 */
export function walk(table: Stage2Table, address: Ipa, sizeBytes: number, visitor: Visitor): number {
  const state = new WalkState();
  return setRange(state, table.geometry, address, sizeBytes) ? walkRange(table, visitor, state) : ERANGE;
}

/** Rounds a range outwards to pages; `false` where it leaves the guest's address space. Its end may be the limit. */
export function setRange(state: WalkState, geometry: Geometry, address: Ipa, sizeBytes: number): boolean {
  const { pageSizeBytes, ipaLimit } = geometry;
  const from = alignDown(address, pageSizeBytes);
  const end = alignUp(from + sizeBytes, pageSizeBytes);
  state.address = from;
  state.end = end;
  return from <= ipaLimit && end >= 0 && end <= ipaLimit;
}

/** Walks the range of a state that {@link setRange} has accepted. */
export function walkRange(table: Stage2Table, visitor: Visitor, state: WalkState): number {
  const { startLevel, rootPageSpanBytes } = table.geometry;
  // The root's pages were allocated first, so page n of the root is in slot n.
  let rootPage = Math.floor(state.address / rootPageSpanBytes);
  while (state.address < state.end) {
    const rc = walkTable(table, visitor, state, rootPage++, startLevel);
    if (rc !== OK) return rc;
  }
  return OK;
}

/** Walks the entries of one table page and what lies below them: for a walk that begins inside a table. */
export function walkBelow(table: Stage2Table, slot: number, visitor: Visitor): number {
  const level = table.arena.levelOf(slot);
  const { granuleBytes, entriesPerTable } = table.geometry;
  const state = new WalkState();
  state.address = table.arena.baseOf(slot);
  state.end = state.address + granuleBytes[level as Level] * entriesPerTable;
  return walkTable(table, visitor, state, slot, level);
}

/** Walks what is left of a range in one table page: for a walk that begins inside a table. */
export function walkTable(table: Stage2Table, visitor: Visitor, state: WalkState, slot: number, level: number): number {
  const { geometry } = table;
  const entries = geometry.entriesPerTable;
  let index = entryIndex(geometry, state.address, level);
  if (level === LAST_LEVEL) return walkPages(table, visitor, state, slot, index);
  for (; index < entries && state.address < state.end; index++) {
    const rc = visit(table, visitor, state, slot * entries + index, level);
    if (rc !== OK) return rc;
  }
  return OK;
}

/** Level 3 holds no tables, so what is in range is visited as one run. */
function walkPages(table: Stage2Table, visitor: Visitor, state: WalkState, slot: number, index: number): number {
  const { pageSizeBytes, entriesPerTable } = table.geometry;
  const wanted = (state.end - state.address) / pageSizeBytes;
  const left = entriesPerTable - index;
  // An integer, also for V8: loops over it count in integers.
  const count = wanted < left ? wanted | 0 : left;
  table.effects.descriptorsRead(count, slot * entriesPerTable + index);
  if ((visitor.flags & LEAF) !== 0) {
    state.entryAddress = state.address;
    const rc = visitor.leaves(slot * entriesPerTable + index, count, LAST_LEVEL, state);
    if (rc !== OK) return rc;
  }
  state.address += count * pageSizeBytes;
  return OK;
}

function visit(table: Stage2Table, visitor: Visitor, state: WalkState, entry: number, level: number): number {
  const { flags } = visitor;
  const { address } = state;
  let low = table.low(entry);
  let high = table.high(entry);
  table.effects.descriptorsRead(1, entry);
  state.entryAddress = address;
  if (isTable(low)) {
    if ((flags & TABLE_PRE) !== 0) {
      const rc = visitor.tablePre(entry, level, state);
      if (rc === SKIP_BELOW) return passOver(table, state, level);
      if (rc !== OK) return rc;
    }
  } else {
    if ((flags & LEAF) !== 0) {
      const rc = visitor.leaves(entry, 1, level, state);
      if (rc !== OK) return rc;
      low = table.low(entry);
      high = table.high(entry);
    }
    if (!isTable(low)) return passOver(table, state, level);
  }
  const rc = walkTable(table, visitor, state, table.childIn(low, high), level + 1);
  if (rc !== OK || (flags & TABLE_POST) === 0) return rc;
  state.entryAddress = address;
  return visitor.tablePost(entry, level, state);
}

/** The walk goes on beyond the entry that it has come to. */
function passOver(table: Stage2Table, state: WalkState, level: number): number {
  const granule = table.geometry.granuleBytes[level as Level];
  state.address = (table.alignsWalks ? alignDown(state.address, granule) : state.address) + granule;
  return OK;
}
