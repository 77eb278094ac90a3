/** Changing attributes of leaves in place, as releases from v6.2 on do it: one page at a time, the lock shared. */
import { EAGAIN, ERANGE, LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Ipa, Level, Protection, Stage2Table } from '@s2bench/core/stage2';
import { ACCESS_FLAG, levelOfEntry, S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import { change, invalidateNewlyExecutable, lookUp } from '../v5/attributes.ts';
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
  const entry = lookUp(table, address);
  if (entry === undefined) return ERANGE;
  const forget = (level: number): void => {
    if (kernel.relaxFlush === 'local') table.effects.tlbiIpaLocal(address, level);
    else table.effects.tlbiIpa(address, level);
  };
  if ((table.low(entry) & VALID) === 0) {
    if (kernel.relaxUnmapped === 'flush') {
      forget(0);
      return OK;
    }
    // Another core may have relaxed the leaf of which this one still holds what it was (linux be097997a273).
    if (kernel.relaxUnmapped === 'again-flush') forget(LEVEL_UNKNOWN);
    // These walks handle faults, whatever other walks are told.
    return EAGAIN;
  }
  const takesExecute = kernel.relaxTakesExecute;
  invalidateNewlyExecutable(table, entry, protection);
  const setLow = (protection.read ? S2AP_READ : 0) | (protection.write ? S2AP_WRITE : 0);
  const setHigh = takesExecute && !protection.execute ? XN_HIGH : 0;
  const clearHigh = takesExecute ? XN_BITS_HIGH : protection.execute ? XN_HIGH : 0;
  change(table, entry, address, setLow, 0, clearHigh, setHigh);
  forget(levelOfEntry(table, entry));
  return OK;
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
