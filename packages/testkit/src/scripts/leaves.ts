/** What a table translates, leaf by leaf, read by software. */
import type { Stage2Table } from '@s2bench/core/stage2';
import { addressHigh, addressLow, isTable, LAST_LEVEL, outputAddress, VALID } from '@s2bench/core/stage2';

/** A valid leaf. Addresses and sizes are in bytes. */
export interface Leaf {
  readonly address: number;
  readonly sizeBytes: number;
  readonly physAddress: number;
  /** The words of its descriptor, without the address and without the bits that tell a page from a block. */
  readonly low: number;
  readonly high: number;
}

/** What hangs below the root of a table. */
export interface TableContents {
  /** Valid leaves by a key that is equal for equal leaves. */
  readonly leaves: ReadonlyMap<string, Leaf>;
  /** Table pages that are live and linked nowhere. */
  readonly leaked: number;
}

/** Bits that tell what a descriptor is. */
const KIND_BITS = 3;

/** Reads a table. */
export function contentsOf(table: Stage2Table): TableContents {
  const { arena, geometry } = table;
  const { entriesPerTable, granuleBytes, rootPages } = geometry;
  const leaves = new Map<string, Leaf>();
  let linked = 0;
  const read = (slot: number): void => {
    linked++;
    const level = arena.levelOf(slot);
    const sizeBytes = granuleBytes[level as 0 | 1 | 2 | 3];
    const first = slot * entriesPerTable;
    // A root of a wide address space has tens of thousands of entries, and few that are valid.
    let left = table.validCount(slot);
    for (let entry = first; left > 0 && entry < first + entriesPerTable; entry++) {
      const low = table.low(entry);
      if ((low & VALID) === 0) continue;
      left--;
      if (level < LAST_LEVEL && isTable(low)) {
        read(table.childOf(entry));
        continue;
      }
      const high = table.high(entry);
      const physAddress = outputAddress(low, high, geometry);
      const leaf = {
        address: arena.baseOf(slot) + (entry - first) * sizeBytes,
        sizeBytes,
        physAddress,
        low: (low & ~addressLow(physAddress, geometry) & ~KIND_BITS) >>> 0,
        high: (high & ~addressHigh(physAddress)) >>> 0,
      };
      leaves.set(keyOf(leaf), leaf);
    }
  };
  for (let slot = 0; slot < rootPages; slot++) read(slot);
  return { leaves, leaked: arena.livePages - linked };
}

function keyOf({ address, sizeBytes, physAddress, low, high }: Leaf): string {
  return `${address} ${sizeBytes} ${physAddress} ${low} ${high}`;
}
