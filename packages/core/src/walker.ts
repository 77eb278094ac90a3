/** The walker of v5.11: which entries are visited, in which order, through which descriptor. */
import { ERANGE, OK } from './errno.ts';
import { isTable } from './descriptor.ts';
import type { Ipa, Level } from './geometry.ts';
import { alignDown, alignUp, LAST_LEVEL } from './geometry.ts';
import type { Stage2Table } from './stage2-table.ts';

/** Visits entries that are no table. */
export const LEAF = 1;
/** Visits a table before what lies below it. */
export const TABLE_PRE = 2;
/** Visits a table after what lies below it. */
export const TABLE_POST = 4;

/**
 * What an operation does at the entries that a walk comes to. Return codes are 0 or a negative errno, which ends
 * the walk.
 */
export interface Visitor {
  /** Any of {@link LEAF}, {@link TABLE_PRE}, {@link TABLE_POST}. */
  readonly flags: number;
  /**
   * `count` neighbouring entries of one table page, none of them a table; `count` is 1 above level 3.
   *
   * @param entry - arena index of the first one
   * @param address - the walk's address at the first one. It need not be aligned to the level's granule: v5.11
   * steps over a block from where it came in.
   */
  leaves(entry: number, count: number, address: Ipa, end: Ipa, level: number): number;
  tablePre(entry: number, address: Ipa, end: Ipa, level: number): number;
  tablePost(entry: number, address: Ipa, end: Ipa, level: number): number;
}

/**
 * Walks the entries that translate `[address, address + sizeBytes)`, rounded outwards to pages.
 *
 * Each descriptor is read once, before the visitors run; a walk descends through what was read, so that a
 * `tablePre` that overwrites the entry still lets the walk reach the old table. Only after a leaf was visited is
 * the descriptor read again, since the visitor may have installed a table.
 *
 * @returns 0, ERANGE where the range leaves the guest's address space, or what a visitor returned
 */
export function walk(table: Stage2Table, address: Ipa, sizeBytes: number, visitor: Visitor): number {
  const { geometry } = table;
  const from = alignDown(address, geometry.pageSizeBytes);
  const end = alignUp(from + sizeBytes, geometry.pageSizeBytes);
  if (from > geometry.ipaLimit || end > geometry.ipaLimit) return ERANGE;
  // The root's pages were allocated first, so page n of the root is in slot n.
  let rootPage = Math.floor(from / geometry.rootPageSpanBytes);
  let next = from;
  while (next < end) {
    next = walkTable(table, visitor, rootPage++, geometry.startLevel, next, end);
    if (next < 0) return next;
  }
  return OK;
}

/** Walks the entries of one table page and what lies below them: for a walk that begins inside a table. */
export function walkBelow(table: Stage2Table, slot: number, visitor: Visitor): number {
  const level = table.arena.levelOf(slot);
  const base = table.arena.baseOf(slot);
  const span = table.geometry.granuleBytes[level as Level] * table.geometry.entriesPerTable;
  const next = walkTable(table, visitor, slot, level, base, base + span);
  return next < 0 ? next : OK;
}

// The functions below carry the walk's address as their result, so that a walk allocates nothing: a result of 0 or
// more is the next address, a negative one an errno.

function walkTable(
  table: Stage2Table,
  visitor: Visitor,
  slot: number,
  level: number,
  address: Ipa,
  end: Ipa,
): number {
  const { geometry } = table;
  const granule = geometry.granuleBytes[level as Level];
  const entries = geometry.entriesPerTable;
  let index = (address / granule) & (entries - 1);
  if (level === LAST_LEVEL) return walkPages(table, visitor, slot, index, address, end);
  let next = address;
  for (; index < entries && next < end; index++) {
    next = visit(table, visitor, slot * entries + index, level, next, end);
    if (next < 0) return next;
  }
  return next;
}

/** Level 3 holds no tables, so what is in range is visited as one run. */
function walkPages(
  table: Stage2Table,
  visitor: Visitor,
  slot: number,
  index: number,
  address: Ipa,
  end: Ipa,
): number {
  const { pageSizeBytes, entriesPerTable } = table.geometry;
  const wanted = (end - address) / pageSizeBytes;
  const left = entriesPerTable - index;
  const count = wanted < left ? wanted : left;
  table.effects.descriptorsRead(count);
  if ((visitor.flags & LEAF) !== 0) {
    const rc = visitor.leaves(slot * entriesPerTable + index, count, address, end, LAST_LEVEL);
    if (rc !== OK) return rc;
  }
  return address + count * pageSizeBytes;
}

function visit(
  table: Stage2Table,
  visitor: Visitor,
  entry: number,
  level: number,
  address: Ipa,
  end: Ipa,
): number {
  let low = table.low(entry);
  let high = table.high(entry);
  table.effects.descriptorsRead(1);
  if (isTable(low)) {
    if ((visitor.flags & TABLE_PRE) !== 0) {
      const rc = visitor.tablePre(entry, address, end, level);
      if (rc !== OK) return rc;
    }
  } else {
    if ((visitor.flags & LEAF) !== 0) {
      const rc = visitor.leaves(entry, 1, address, end, level);
      if (rc !== OK) return rc;
      low = table.low(entry);
      high = table.high(entry);
    }
    if (!isTable(low)) return address + table.geometry.granuleBytes[level as Level];
  }
  const next = walkTable(table, visitor, table.childIn(low, high), level + 1, address, end);
  if (next < 0 || (visitor.flags & TABLE_POST) === 0) return next;
  const rc = visitor.tablePost(entry, address, end, level);
  return rc === OK ? next : rc;
}
