/** Changing attributes of leaves in place: write protection, permissions, the access flag. */
import { ERANGE, OK } from '@s2bench/core';
import type { Protection, Ipa, Level, Stage2Table } from '@s2bench/core/stage2';
import {
  ACCESS_FLAG,
  rawDescriptor,
  S2AP_READ,
  S2AP_WRITE,
  VALID,
  XN_HIGH,
  alignDown,
  findEntry,
  outputAddress,
  levelOfEntry,
} from '@s2bench/core/stage2';
import type { Visitor, WalkState } from './walker.ts';
import { LEAF, walk } from './walker.ts';

/** Write-protects the valid leaves of a range. The TLB is the caller's business: one flush for all ranges. */
export function writeProtect(table: Stage2Table, address: Ipa, sizeBytes: number): number {
  return walk(table, address, sizeBytes, new WriteProtector(table));
}

/**
 * Adds permissions to the leaf that maps an address, and invalidates its TLB entries, also where nothing changed:
 * another vCPU may have faulted on an entry that its TLB still holds.
 *
 * @param invalidatesInstructions - whether that is done here where a leaf becomes executable, as from v5.14 on
 * @returns 0 or ERANGE; an unmapped address is 0 with a TLBI at level 0
 */
export function relaxPermissions(
  table: Stage2Table,
  address: Ipa,
  protection: Protection,
  invalidatesInstructions = false,
): number {
  const entry = lookUp(table, address);
  if (entry === undefined) return ERANGE;
  let level = 0;
  if ((table.low(entry) & VALID) !== 0) {
    const setLow = (protection.read ? S2AP_READ : 0) | (protection.write ? S2AP_WRITE : 0);
    level = levelOfEntry(table, entry);
    if (invalidatesInstructions) invalidateNewlyExecutable(table, entry, protection);
    change(table, entry, address, setLow, 0, protection.execute ? XN_HIGH : 0);
  }
  table.effects.tlbiIpa(address, level);
  return OK;
}

/** Invalidates instructions of a valid leaf that is about to become executable. */
export function invalidateNewlyExecutable(table: Stage2Table, entry: number, { execute }: Protection): void {
  const low = table.low(entry);
  const high = table.high(entry);
  if (!execute || (high & XN_HIGH) === 0) return;
  const { geometry } = table;
  const granule = geometry.granuleBytes[levelOfEntry(table, entry) as Level];
  table.effects.icacheInvalidate(outputAddress(low, high, geometry), granule);
}

/**
 * Sets the access flag.
 *
 * @returns the leaf's descriptor as it was before; 0 where nothing is mapped, also outside of the guest's address space
 */
export function markYoung(table: Stage2Table, address: Ipa): bigint {
  return changeAccessFlag(table, address, ACCESS_FLAG, 0);
}

/**
 * Clears the access flag, without a TLBI: a stale young entry costs accuracy, not safety.
 *
 * @returns as {@link markYoung}
 */
export function markOld(table: Stage2Table, address: Ipa): bigint {
  return changeAccessFlag(table, address, 0, ACCESS_FLAG);
}

/** Whether the leaf that maps an address is young; `false` where nothing is mapped. */
export function isYoung(table: Stage2Table, address: Ipa): boolean {
  const entry = lookUp(table, address);
  return entry !== undefined && (table.low(entry) & (VALID | ACCESS_FLAG)) === (VALID | ACCESS_FLAG);
}

// The kernel ignores what the walk returns here: an address that is out of range is as one that is not mapped.
function changeAccessFlag(table: Stage2Table, address: Ipa, setLow: number, clearLow: number): bigint {
  const entry = lookUp(table, address);
  if (entry === undefined) return 0n;
  const low = table.low(entry);
  if ((low & VALID) === 0) return 0n;
  change(table, entry, address, setLow, clearLow, 0);
  return rawDescriptor(low, table.high(entry));
}

/** A walk with effects for the one page that holds an address: the entry that it ends at. */
export function lookUp(table: Stage2Table, address: Ipa): number | undefined {
  const entry = findEntry(table, address);
  if (entry === undefined) return undefined;
  table.effects.descriptorsRead(levelOfEntry(table, entry) - table.geometry.startLevel + 1, entry);
  return entry;
}

/** Changes a leaf in place; nothing where it is so already. */
export function change(
  table: Stage2Table,
  entry: number,
  address: Ipa,
  setLow: number,
  clearLow: number,
  clearHigh: number,
  setHigh = 0,
): void {
  const low = table.low(entry);
  const high = table.high(entry);
  const newLow = (low & ~clearLow) | setLow;
  const newHigh = ((high & ~clearHigh) | setHigh) >>> 0;
  if (newLow === low && newHigh === high) return;
  table.store(entry, newLow, newHigh);
  const page = alignDown(address, table.geometry.pageSizeBytes);
  table.effects.leavesChanged(entry, page, levelOfEntry(table, entry), 1);
}

class WriteProtector implements Visitor {
  readonly flags = LEAF;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  tablePre(): number {
    return OK;
  }

  tablePost(): number {
    return OK;
  }

  leaves(first: number, count: number, level: number, state: WalkState): number {
    const table = this.#table;
    let changed = 0;
    let firstChanged = first;
    for (let entry = first; entry < first + count; entry++) {
      const low = table.low(entry);
      if ((low & (VALID | S2AP_WRITE)) !== (VALID | S2AP_WRITE)) continue;
      table.storeLow(entry, low & ~S2AP_WRITE);
      if (changed++ === 0) firstChanged = entry;
    }
    if (changed > 0) {
      const granule = table.geometry.granuleBytes[level as Level];
      const changedAt = state.entryAddress + (firstChanged - first) * granule;
      table.effects.leavesChanged(firstChanged, changedAt, level, changed);
    }
    return OK;
  }
}
