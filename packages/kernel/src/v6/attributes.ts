/** Changing attributes of leaves in place, as releases from v6.2 on do it: one page at a time, the lock shared. */
import { EAGAIN, ERANGE, LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Ipa, Level, Protection, Stage2Table } from '@s2bench/core/stage2';
import { ACCESS_FLAG, alignDown, findEntry, levelOfEntry, outputAddress, rawDescriptor } from '@s2bench/core/stage2';
import { S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import { LEAF, walk, type Visitor } from '../v5/walker.ts';

/** Bit 53 of a descriptor: with bit 54 it says who may not execute. From v7.1 on both are written. */
const XN_BITS_HIGH = XN_HIGH | (1 << 21);

/** What is to become of a leaf. */
interface Change {
  readonly setLow: number;
  readonly clearLow: number;
  readonly setHigh: number;
  readonly clearHigh: number;
}

/** Changes the attributes of single leaves of a table. */
export class LeafAttributesCode {
  /** The level of the leaf that was changed last, and its descriptor before. */
  level = 0;
  before = 0n;
  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;

  constructor(table: Stage2Table, kernel: KernelModel) {
    this.#table = table;
    this.#kernel = kernel;
  }

  /** Adds permissions, and from v7.1 on takes execute permission away where it is not asked for. */
  relax(address: Ipa, protection: Protection): number {
    const kernel = this.#kernel;
    const takesExecute = kernel.relaxTakesExecute;
    const rc = this.#change(address, {
      setLow: (protection.read ? S2AP_READ : 0) | (protection.write ? S2AP_WRITE : 0),
      clearLow: 0,
      setHigh: takesExecute && !protection.execute ? XN_HIGH : 0,
      clearHigh: takesExecute ? XN_BITS_HIGH : protection.execute ? XN_HIGH : 0,
    });
    if (rc === OK) this.#forget(address, this.level);
    // Another core may have relaxed the leaf of which this one still holds what it was (linux be097997a273).
    else if (rc === EAGAIN && kernel.relaxUnmapped === 'again-flush') this.#forget(address, LEVEL_UNKNOWN);
    return rc;
  }

  markYoung(address: Ipa): bigint {
    const rc = this.#change(address, { setLow: ACCESS_FLAG, clearLow: 0, setHigh: 0, clearHigh: 0 });
    return rc === OK ? this.before : 0n;
  }

  /** As releases did it until they aged ranges: under the exclusive lock, outside of a fault. */
  markOld(address: Ipa): bigint {
    const change = { setLow: 0, clearLow: ACCESS_FLAG, setHigh: 0, clearHigh: 0 };
    const rc = this.#change(address, change);
    return rc === OK ? this.before : 0n;
  }

  #forget(address: Ipa, level: number): void {
    const { effects } = this.#table;
    if (this.#kernel.relaxFlush === 'local') effects.tlbiIpaLocal(address, level);
    else effects.tlbiIpa(address, level);
  }

  #change(address: Ipa, change: Change): number {
    const table = this.#table;
    const kernel = this.#kernel;
    this.level = 0;
    this.before = 0n;
    const entry = findEntry(table, address);
    if (entry === undefined) return ERANGE;
    const level = levelOfEntry(table, entry);
    table.effects.descriptorsRead(level - table.geometry.startLevel + 1);
    const low = table.low(entry);
    const high = table.high(entry);
    if ((low & VALID) === 0) {
      // These walks handle faults, whatever other walks are told.
      return kernel.relaxUnmapped === 'flush' ? OK : EAGAIN;
    }
    this.level = level;
    this.before = rawDescriptor(low, high);
    const newLow = (low & ~change.clearLow) | change.setLow;
    const newHigh = ((high & ~change.clearHigh) | change.setHigh) >>> 0;
    if (newLow === low && newHigh === high) return OK;
    if ((newHigh & XN_HIGH) === 0 && (high & XN_HIGH) !== 0) {
      const granule = table.geometry.granuleBytes[level as Level];
      table.effects.icacheInvalidate(outputAddress(low, high, table.geometry), granule);
    }
    const { words } = table.arena;
    words[2 * entry] = newLow;
    words[2 * entry + 1] = newHigh;
    table.effects.leavesChanged(entry, alignDown(address, table.geometry.pageSizeBytes), level, 1);
    return OK;
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
