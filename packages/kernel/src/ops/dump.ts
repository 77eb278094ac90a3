/** What stands in a table at the end of a script: entries, pages, counts. */
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import { childSerial, rawDescriptor, TYPE_TABLE, VALID, LAST_LEVEL, int32At } from '@s2bench/core/stage2';
import type { EventKind } from './recorder.ts';
import { hex } from './recorder.ts';

/** A row of {@link TableDump.e}: a run of leaves, or a table descriptor (T valid, S stale) with its child's serial. */
export type EntryRow =
  | [level: number, ipa: string, raw: string, count: number]
  | [level: number, ipa: string, kind: 'T' | 'S', child: number, lowBits: string];

/** The state of a table, in the shape of the vectors' `final`. */
export interface TableDump {
  start_level: number;
  ia_bits: number;
  pgd_pages: number;
  e: EntryRow[];
  pages: [serial: number, level: number, base: string, refcount: number][];
  leaves: [number, number, number, number];
  tables: number;
  stale: number;
  refs_ok: boolean;
  allocated: number;
  leaked: number[];
  tot: Record<EventKind, number>;
}

const LOW_BITS = 0xfff;

/** A row in the making, and the descriptor that would prolong it: the same attributes, one granule on. */
interface EntryRun {
  readonly row: [number, string, string, number];
  nextLow: number;
  nextHigh: number;
}

/** Describes a table, page by page in pre-order. */
export function dumpTable(table: Stage2Table, totals: Record<EventKind, number>): TableDump {
  const { geometry, arena } = table;
  const dump: TableDump = {
    start_level: geometry.startLevel,
    ia_bits: geometry.ipaBits,
    pgd_pages: geometry.rootPages,
    e: [],
    pages: [],
    leaves: [0, 0, 0, 0],
    tables: 0,
    stale: 0,
    refs_ok: true,
    allocated: arena.allocatedPages,
    leaked: [],
    tot: { ...totals },
  };
  const reached = new Set<number>();
  for (let rootPage = 0; rootPage < geometry.rootPages; rootPage++) dumpPage(table, rootPage, dump, reached);
  dump.leaked = [...arena.liveSlots()].filter((slot) => !reached.has(slot)).map((slot) => arena.serialOf(slot));
  return dump;
}

function dumpPage(table: Stage2Table, slot: number, dump: TableDump, reached: Set<number>): void {
  const { arena, geometry } = table;
  const level = arena.levelOf(slot);
  const base = arena.baseOf(slot);
  const granule = geometry.granuleBytes[level as Level];
  const refcount = int32At(arena.refcounts, slot);
  reached.add(slot);
  dump.pages.push([arena.serialOf(slot), level, hex(base), refcount]);

  const granuleHigh = Math.floor(granule / 2 ** 32);
  let valid = 0;
  let run: EntryRun | undefined;
  for (let index = 0; index < geometry.entriesPerTable; index++) {
    const entry = slot * geometry.entriesPerTable + index;
    const low = table.low(entry);
    const high = table.high(entry);
    if (low === 0 && high === 0) {
      run = undefined;
      continue;
    }
    const isValid = (low & VALID) !== 0;
    valid += isValid ? 1 : 0;
    if (!isValid) dump.stale++;
    if (level < LAST_LEVEL && (low & TYPE_TABLE) !== 0) {
      run = undefined;
      dumpTableEntry(table, entry, hex(base + index * granule), dump, reached);
      continue;
    }
    if (isValid) dump.leaves[level as Level]++;
    if (run?.nextLow === low && run.nextHigh === high) run.row[3]++;
    else {
      const raw = `0x${rawDescriptor(low, high).toString(16)}`;
      run = { row: [level, hex(base + index * granule), raw, 1], nextLow: 0, nextHigh: 0 };
      dump.e.push(run.row);
    }
    run.nextLow = (low + granule) | 0;
    const carry = run.nextLow >>> 0 < low >>> 0 ? 1 : 0;
    run.nextHigh = (high + granuleHigh + carry) >>> 0;
  }
  if (refcount !== 1 + valid) dump.refs_ok = false;
}

function dumpTableEntry(table: Stage2Table, entry: number, ipa: string, dump: TableDump, reached: Set<number>): void {
  const level = table.arena.levelOf(table.slotOf(entry));
  const serial = childSerial(table.low(entry), table.high(entry), table.geometry);
  const lowBits = hex(table.low(entry) & LOW_BITS);
  const isValid = (table.low(entry) & VALID) !== 0;
  dump.e.push([level, ipa, isValid ? 'T' : 'S', serial, lowBits]);
  if (!isValid) return;
  dump.tables++;
  dumpPage(table, table.childOf(entry), dump, reached);
}
