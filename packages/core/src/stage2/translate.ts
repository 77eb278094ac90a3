/** Software translation: what a hardware walk of the table would find. */
import { VALID } from './descriptor.ts';
import type { Ipa } from './geometry.ts';
import { entryIndex, LAST_LEVEL } from './geometry.ts';
import type { Stage2Table } from './stage2-table.ts';
import type { WalkCache } from './walk-cache.ts';

/**
 * The entry at which a walk for an address ends, a leaf or an invalid one, as an index in the arena.
 *
 * Emits no effects: this is the hardware's walk, or a debugger's. `undefined` where the address lies outside of the
 * guest's address space.
 */
export function findEntry(table: Stage2Table, address: Ipa): number | undefined {
  const { walkCache, geometry } = table;
  const index = walkCache.indexOf(address);
  if (index >= 0) return walkCache.slot * geometry.entriesPerTable + index;
  return address >= 0 && address < geometry.ipaLimit ? walkFromRoot(table, address, walkCache) : undefined;
}

/** As {@link findEntry}, for an address that is inside, from the root down; a cache is told where the walk ended. */
export function walkFromRoot(table: Stage2Table, address: Ipa, cache: WalkCache): number {
  const { geometry, arena } = table;
  cache.forget();
  let level = geometry.startLevel;
  let slot = Math.floor(address / geometry.rootPageSpanBytes);
  for (;;) {
    const entry = slot * geometry.entriesPerTable + entryIndex(geometry, address, level);
    if (!table.pointsToTable(entry, level)) {
      if (level === LAST_LEVEL) cache.remember(slot, arena.baseOf(slot));
      return entry;
    }
    cache.path[level] = entry;
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
