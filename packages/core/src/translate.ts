/** Software translation: what a hardware walk of the table would find. */
import { VALID } from './descriptor.ts';
import type { Ipa, Level } from './geometry.ts';
import type { Stage2Table } from './stage2-table.ts';

/**
 * The entry at which a walk for an address ends, a leaf or an invalid one, as an index in the arena.
 *
 * Emits no effects: this is the hardware's walk, or a debugger's. `undefined` where the address lies outside of the
 * guest's address space.
 */
export function findEntry(table: Stage2Table, address: Ipa): number | undefined {
  if (address < 0 || address >= table.geometry.ipaLimit) return undefined;
  const { granuleBytes, entriesPerTable, rootPageSpanBytes } = table.geometry;
  let level = table.geometry.startLevel;
  let slot = Math.floor(address / rootPageSpanBytes);
  for (;;) {
    const index = (address / granuleBytes[level as Level]) & (entriesPerTable - 1);
    const entry = slot * entriesPerTable + index;
    if (!table.pointsToTable(entry, level)) return entry;
    slot = table.childOf(entry);
    level++;
  }
}

/** Whether an address translates. */
export function isTranslated(table: Stage2Table, address: Ipa): boolean {
  const entry = findEntry(table, address);
  return entry !== undefined && (table.low(entry) & VALID) !== 0;
}

/** The level of the table page that holds an entry. */
export function levelOfEntry(table: Stage2Table, entry: number): number {
  return table.arena.levelOf(table.slotOf(entry));
}
