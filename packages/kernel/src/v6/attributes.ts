/** Changing attributes of leaves in place, as releases from v6.2 on do it: one page at a time, the lock shared. */
import { EAGAIN, ERANGE, LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Ipa, LeafWords, Level, Protection, Stage2Table } from '@s2bench/core/stage2';
import { ACCESS_FLAG, alignDown, entryIndex, isTable, LAST_LEVEL, outputAddress } from '@s2bench/core/stage2';
import { S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import { LEAF, walk, type Visitor } from '../v5/walker.ts';

/** Bit 53 of a descriptor: with bit 54 it says who may not execute. From v7.1 on both are written. */
const XN_BITS_HIGH = XN_HIGH | (1 << 21);

/**
 * Adds permissions to the leaf that maps an address, and from v7.1 on takes execute permission away where it is not asked
 * for; then invalidates its TLB entries.
 *
 * @returns 0, ERANGE, or as the release answers where nothing is mapped: 0 with a TLBI at level 0, or EAGAIN
 */
export function relaxLeaf(table: Stage2Table, kernel: KernelModel, address: Ipa, protection: Protection): number {
  const leaf = readLeaf(table, address);
  if (leaf === undefined) return ERANGE;
  const { entry, level, low, high } = leaf;
  const forget = (hint: number): void => {
    if (kernel.relaxFlush === 'local') table.effects.tlbiIpaLocal(address, hint);
    else table.effects.tlbiIpa(address, hint);
  };
  const again = (): number => {
    // Another core may have relaxed the leaf of which this one still holds what it was (linux be097997a273).
    if (kernel.relaxUnmapped === 'again-flush') forget(LEVEL_UNKNOWN);
    // These walks handle faults, whatever other walks are told.
    return EAGAIN;
  };
  if ((low & VALID) === 0) {
    if (kernel.relaxUnmapped !== 'flush') return again();
    forget(0);
    return OK;
  }
  const takesExecute = kernel.relaxTakesExecute;
  const setLow = (protection.read ? S2AP_READ : 0) | (protection.write ? S2AP_WRITE : 0);
  const setHigh = takesExecute && !protection.execute ? XN_HIGH : 0;
  const clearHigh = takesExecute ? XN_BITS_HIGH : protection.execute ? XN_HIGH : 0;
  const changed = { low: low | setLow, high: ((high & ~clearHigh) | setHigh) >>> 0 };
  if (changed.low !== low || changed.high !== high) {
    if (protection.execute && (high & XN_HIGH) !== 0) {
      const { geometry } = table;
      table.effects.icacheInvalidate(outputAddress(low, high, geometry), geometry.granuleBytes[level as Level]);
    }
    const page = alignDown(address, table.geometry.pageSizeBytes);
    if (!table.tryChange(entry, leaf, changed, page, level)) return again();
  }
  forget(level);
  return OK;
}

/** The leaf, or the invalid entry, at which a walk for an address ends, as the walk read it: each entry once. */
function readLeaf(table: Stage2Table, address: Ipa): (LeafWords & { entry: number; level: number }) | undefined {
  const { geometry } = table;
  if (address < 0 || address >= geometry.ipaLimit) return undefined;
  let slot = Math.floor(address / geometry.rootPageSpanBytes);
  for (let level = geometry.startLevel; ; level++) {
    const entry = slot * geometry.entriesPerTable + entryIndex(geometry, address, level);
    const low = table.low(entry);
    const high = table.high(entry);
    if (level === LAST_LEVEL || !isTable(low)) {
      table.effects.descriptorsRead(level - geometry.startLevel + 1, entry);
      return { entry, level, low, high };
    }
    slot = table.childIn(low, high);
  }
}

/**
 * Ages the leaves of a range, without a TLBI: a stale young entry costs accuracy, not safety.
 *
 * @param clear - clears their access flags, or only asks
 * @returns ERANGE, or 1 where any was young, else 0
 */
export function testClearYoung(table: Stage2Table, address: Ipa, sizeBytes: number, clear: boolean): number {
  let young = 0;
  const visitor: Visitor = {
    flags: LEAF,
    leaves: (first, count, level, state) => {
      const granule = table.geometry.granuleBytes[level as Level];
      for (let index = 0; index < count; index++) {
        const entry = first + index;
        if ((table.low(entry) & (VALID | ACCESS_FLAG)) !== (VALID | ACCESS_FLAG)) continue;
        young = 1;
        if (!clear) continue;
        table.arena.words[2 * entry] = table.low(entry) & ~ACCESS_FLAG;
        table.effects.leavesChanged(entry, state.entryAddress + index * granule, level, 1);
      }
      return OK;
    },
    tablePre: () => OK,
    tablePost: () => OK,
  };
  const rc = walk(table, address, sizeBytes, visitor);
  return rc === OK ? young : rc;
}
