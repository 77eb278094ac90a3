/**
 * Where a small table lies in a real one: 4K pages with 512 entries, four levels, 48 bits of input address.
 *
 * A small table page is a real page of its own, and an entry keeps its index and its level. Above the small root hang
 * real pages, from level 0 on, with the one entry that leads down. So a guest page whose small indices are (a, b) has
 * the real address a·2M + b·4K, and a small block of four pages is a real one of 2M.
 *
 * Output addresses are spread in the same way. A page that lies in a small block is at the same place in the real
 * block, blocks are aligned, and different pages stay different.
 */
import type { Geometry } from '@s2bench/core/stage2';
import { outputAddress } from '@s2bench/core/stage2';
import { PAGE_BYTES } from '../world.ts';

/** Bytes of a table page. */
export const TABLE_BYTES = 0x1000n;
/** The access flag of a leaf. */
export const ACCESS_FLAG = 1n << 10n;
/** Bits 58:55 of a descriptor are software's. */
export const SOFTWARE_BITS = 0xfn << 55n;
/** The level-0 table. */
export const ROOT_ADDRESS = 0x1_0000_0000n;
/** mmu_lock: behind the pages above the small root. */
export const LOCK_ADDRESS = ROOT_ADDRESS + 0x9000n;
/** The small root, and behind it the table pages in the order in which they were allocated. */
const FIRST_SMALL_PAGE = ROOT_ADDRESS + 0x10000n;

const VALID_TABLE = 3n;
const LOW_ATTRIBUTES = 0xfff;
/** Bits 63:48 of a descriptor, in its high word. */
const HIGH_ATTRIBUTES = 0xffff0000;

/** Address of the page at a level above the small root. */
export function upperPage(level: number): bigint {
  return ROOT_ADDRESS + BigInt(level) * TABLE_BYTES;
}

/** Address of a small table page by its number; the small root has number 0. */
export function smallPage(number: number): bigint {
  return FIRST_SMALL_PAGE + BigInt(number) * TABLE_BYTES;
}

/** The descriptors above the small root: each leads to the page below it. */
export function upperLinks(startLevel: number): { readonly address: bigint; readonly value: bigint }[] {
  return Array.from({ length: startLevel }, (_, level) => ({
    address: upperPage(level),
    value: (level + 1 === startLevel ? smallPage(0) : upperPage(level + 1)) | VALID_TABLE,
  }));
}

/**
 * The real address of a small one, guest or host: the base-4 digits of its page number that are indices of levels 3
 * and 2 go to bits 12 and 21, the rest to bit 30.
 */
export function spread(smallAddress: number): bigint {
  const page = BigInt(Math.floor(smallAddress / PAGE_BYTES));
  return ((page & 3n) << 12n) | (((page >> 2n) & 3n) << 21n) | ((page >> 4n) << 30n);
}

/** The real descriptor of a small leaf, valid or not: the same attributes, the spread output address. */
export function realLeaf(low: number, high: number, geometry: Geometry): bigint {
  const attributes = (BigInt((high & HIGH_ATTRIBUTES) >>> 0) << 32n) | BigInt(low & LOW_ATTRIBUTES);
  return spread(outputAddress(low, high, geometry)) | attributes;
}

/** The real descriptor of a small table descriptor, valid or not. */
export function realTable(low: number, childPage: bigint): bigint {
  return childPage | BigInt(low & LOW_ATTRIBUTES);
}
