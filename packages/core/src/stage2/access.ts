/** What the hardware does with a guest access: translate it, or raise a stage-2 fault. */
import { S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from './descriptor.ts';
import type { Ipa, Level } from './geometry.ts';
import { alignDown, LAST_LEVEL } from './geometry.ts';
import type { Stage2Table } from './stage2-table.ts';
import { findEntry, levelOfEntry } from './translate.ts';
import { uint32At } from './typed-array.ts';

/** Why a guest access aborts to the hypervisor. */
export type FaultKind = 'translation' | 'permission';

/** Why the access that an {@link AccessCheck} looked at last did not hit. */
export class AccessCheck {
  kind: FaultKind = 'translation';
  /** Level of the entry that raised the fault. */
  level = 0;

  /**
   * Whether an access translates.
   *
   * @returns `false` where it faults; {@link kind} and {@link level} then say how
   */
  hits(table: Stage2Table, address: Ipa, write: boolean, execute = false): boolean {
    const entry = findEntry(table, address);
    if (entry === undefined) {
      this.kind = 'translation';
      this.level = table.geometry.startLevel;
      return false;
    }
    const low = table.low(entry);
    const needed = VALID | (write ? S2AP_WRITE : S2AP_READ);
    if ((low & needed) === needed && !(execute && (table.high(entry) & XN_HIGH) !== 0)) return true;
    this.kind = (low & VALID) === 0 ? 'translation' : 'permission';
    this.level = levelOfEntry(table, entry);
    return false;
  }
}

/**
 * How many accesses of a strided loop hit one after the other, from its first on.
 *
 * @param count - accesses of the loop
 * @param strideBytes - distance of two accesses
 * @param oneLevel - no further than through entries of the level of the first
 * @returns 0 to `count`
 */
export function countHits(
  table: Stage2Table,
  start: Ipa,
  count: number,
  strideBytes: number,
  write: boolean,
  oneLevel = false,
): number {
  const { geometry } = table;
  const needed = VALID | (write ? S2AP_WRITE : S2AP_READ);
  let done = 0;
  let address = start;
  let firstLevel = -1;
  while (done < count) {
    const entry = findEntry(table, address);
    if (entry === undefined || (table.low(entry) & needed) !== needed) break;
    const level = levelOfEntry(table, entry);
    if (oneLevel) {
      if (firstLevel >= 0 && level !== firstLevel) break;
      firstLevel = level;
    }
    const granule = geometry.granuleBytes[level as Level];
    let leaves = 1;
    if (level === LAST_LEVEL && strideBytes === granule) leaves = countHitsInTable(table, entry, count - done, needed);
    const accesses = Math.ceil((alignDown(address, granule) + leaves * granule - address) / strideBytes);
    done += accesses;
    address += accesses * strideBytes;
  }
  return Math.min(done, count);
}

/** How many neighbouring pages of one table page, from an entry on, grant what is needed: at most `most`. */
function countHitsInTable(table: Stage2Table, first: number, most: number, needed: number): number {
  const { words, entriesPerTable } = table.arena;
  const left = entriesPerTable - (first % entriesPerTable);
  const end = first + (most < left ? most : left);
  let entry = first + 1;
  while (entry < end && (uint32At(words, 2 * entry) & needed) === needed) entry++;
  return entry - first;
}
