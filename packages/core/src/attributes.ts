/** Changing attributes of leaves in place: write protection, permissions, the access flag. */
import type { Protection } from './descriptor.ts';
import { ACCESS_FLAG, rawDescriptor, S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from './descriptor.ts';
import { OK } from './errno.ts';
import type { Ipa, Level } from './geometry.ts';
import type { Stage2Table } from './stage2-table.ts';
import type { Visitor } from './walker.ts';
import { LEAF, walk } from './walker.ts';

/** Sets and clears bits in valid leaves. One walk, one object. */
class AttributeWalk implements Visitor {
  readonly flags = LEAF;
  /** Words of the last valid leaf before the change, and its level; 0 where there was none. */
  lowBefore = 0;
  highBefore = 0;
  level = 0;
  found = false;

  readonly #table: Stage2Table;
  readonly #setLow: number;
  readonly #clearLow: number;
  readonly #clearHigh: number;

  constructor(table: Stage2Table, setLow: number, clearLow: number, clearHigh: number) {
    this.#table = table;
    this.#setLow = setLow;
    this.#clearLow = clearLow;
    this.#clearHigh = clearHigh;
  }

  tablePre(): number {
    return OK;
  }

  tablePost(): number {
    return OK;
  }

  leaves(first: number, count: number, address: Ipa, _end: Ipa, level: number): number {
    const table = this.#table;
    const { words } = table.arena;
    let changed = 0;
    let firstChanged = first;
    for (let entry = first; entry < first + count; entry++) {
      const low = table.low(entry);
      if ((low & VALID) === 0) continue;
      const high = table.high(entry);
      this.found = true;
      this.level = level;
      this.lowBefore = low;
      this.highBefore = high;
      const newLow = (low | this.#setLow) & ~this.#clearLow;
      const newHigh = high & ~this.#clearHigh;
      if (newLow === low && newHigh === high) continue;
      words[2 * entry] = newLow;
      words[2 * entry + 1] = newHigh;
      if (changed++ === 0) firstChanged = entry;
    }
    if (changed > 0) {
      const changedAt = address + (firstChanged - first) * table.geometry.granuleBytes[level as Level];
      table.effects.leavesChanged(firstChanged, changedAt, level, changed);
    }
    return OK;
  }
}

/** Write-protects the valid leaves of a range. The TLB is the caller's business: one flush for all ranges. */
export function writeProtect(table: Stage2Table, address: Ipa, sizeBytes: number): number {
  return walk(table, address, sizeBytes, new AttributeWalk(table, 0, S2AP_WRITE, 0));
}

/**
 * Adds permissions to the leaf that maps an address, and invalidates its TLB entries, also where nothing changed:
 * another vCPU may have faulted on an entry that its TLB still holds.
 *
 * @returns 0 or ERANGE; an unmapped address is 0 with a TLBI at level 0
 */
export function relaxPermissions(table: Stage2Table, address: Ipa, protection: Protection): number {
  const setLow = (protection.read ? S2AP_READ : 0) | (protection.write ? S2AP_WRITE : 0);
  const relaxing = new AttributeWalk(table, setLow, 0, protection.execute ? XN_HIGH : 0);
  const rc = walk(table, address, 1, relaxing);
  if (rc === OK) table.effects.tlbiIpa(address, relaxing.level);
  return rc;
}

/**
 * Sets the access flag.
 *
 * @returns the leaf's descriptor as it was before; 0 where nothing is mapped, also outside of the guest's address space
 */
export function markYoung(table: Stage2Table, address: Ipa): bigint {
  return changeOne(table, address, ACCESS_FLAG, 0);
}

/**
 * Clears the access flag, without a TLBI: a stale young entry costs accuracy, not safety.
 *
 * @returns as {@link markYoung}
 */
export function markOld(table: Stage2Table, address: Ipa): bigint {
  return changeOne(table, address, 0, ACCESS_FLAG);
}

/** Whether the leaf that maps an address is young; `false` where nothing is mapped. */
export function isYoung(table: Stage2Table, address: Ipa): boolean {
  const looking = new AttributeWalk(table, 0, 0, 0);
  walk(table, address, 1, looking);
  return (looking.lowBefore & ACCESS_FLAG) !== 0;
}

// The kernel ignores what the walk returns here: an address that is out of range is as one that is not mapped.
function changeOne(table: Stage2Table, address: Ipa, setLow: number, clearLow: number): bigint {
  const changing = new AttributeWalk(table, setLow, clearLow, 0);
  walk(table, address, 1, changing);
  return changing.found ? rawDescriptor(changing.lowBefore, changing.highBefore) : 0n;
}
