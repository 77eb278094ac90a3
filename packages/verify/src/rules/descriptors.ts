/** Descriptors for traces: of the table in slot 1, of pages and of the block of four. */
import { ACCESS_FLAG, S2AP_READ, S2AP_WRITE, VALID, VALID_TABLE } from '@s2bench/core/stage2';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import { PAGE_BYTES } from '../world.ts';

const NORMAL = 0xf << 2;
const RIGHTS = S2AP_READ | S2AP_WRITE | ACCESS_FLAG | NORMAL;
const ENTRIES = 4;

/** The low word of page `page`'s leaf, readable, writable, executable. */
export function pageLow(page: number): number {
  return (PHYS_BASE + page * PAGE_BYTES) | RIGHTS | VALID_TABLE;
}
/** The low word of the block of pages 0 to 3. */
export const BLOCK_LOW = PHYS_BASE | RIGHTS | VALID;
/** The low word of the root's entry for the table with serial 1. */
export const TABLE_LOW = PAGE_BYTES | VALID_TABLE;

/** Stores the root's entry 0. */
export function writeRoot(low: number): MicroOp {
  return { do: 'write', entry: 0, low, high: 0 };
}

/** Stores the entry of a page in the table in slot 1. */
export function writePage(page: number, low = pageLow(page)): MicroOp {
  return { do: 'write', entry: ENTRIES + page, low, high: 0 };
}

/** A TLBI with its barriers. */
export const FLUSH_VMID: readonly MicroOp[] = [
  { do: 'barrier', kind: 'ishst' },
  { do: 'tlbi-vmid' },
  { do: 'barrier', kind: 'ish' },
];

/** By-IPA invalidation with its barriers. */
export function flushIpa(page: number, level = 0): MicroOp[] {
  return [
    { do: 'barrier', kind: 'ishst' },
    { do: 'tlbi-ipa', ipa: page * PAGE_BYTES, pages: 1, level },
    { do: 'barrier', kind: 'ish' },
    { do: 'tlbi-stage1' },
    { do: 'barrier', kind: 'ish' },
  ];
}

/** Cleans pages with the barrier that ends the loop. */
export function clean(firstPage: number, pages: number): MicroOp[] {
  return [
    { do: 'clean', pa: PHYS_BASE + firstPage * PAGE_BYTES, sizeBytes: pages * PAGE_BYTES },
    { do: 'barrier', kind: 'ish' },
  ];
}

/** Invalidates the I-cache for pages. */
export function invalidateIcache(firstPage: number, pages: number): MicroOp[] {
  return [{ do: 'icache', pa: PHYS_BASE + firstPage * PAGE_BYTES, sizeBytes: pages * PAGE_BYTES }];
}
