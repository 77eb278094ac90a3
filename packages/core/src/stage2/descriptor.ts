/**
 * Stage-2 descriptors, held as two 32-bit words (Arm ARM D8.3, "Stage 2 descriptor formats").
 *
 * A descriptor is 64 bits wide; a JavaScript number holds 53 and a BigInt is slow, so the low and the high word
 * are kept side by side in typed arrays.
 */
import type { Geometry, Pa } from './geometry.ts';

/** Low word, bit 0: the entry translates. */
export const VALID = 0b01;
/** Low word, bit 1: a table, or a page at level 3; clear for a block. */
export const TYPE_TABLE = 0b10;
/** Both low bits: a valid table, or a valid page at level 3. */
export const VALID_TABLE = VALID | TYPE_TABLE;
/** Low word, bits 5:2: memory attributes. */
export const MEMATTR_MASK = 0xf << 2;
/** Low word, bit 6: the guest may read. */
export const S2AP_READ = 1 << 6;
/** Low word, bit 7: the guest may write. */
export const S2AP_WRITE = 1 << 7;
/** Low word, bits 9:8: inner shareable. */
const SH_INNER = 3 << 8;
/** Low word, bit 10: the access flag. */
export const ACCESS_FLAG = 1 << 10;
/** Low word, bit 10 of an entry that is not valid: who made it so will make another of it (KVM_INVALID_PTE_LOCKED). */
export const LOCKED = 1 << 10;
/** High word, bit 22 (bit 54 of the descriptor): the guest may not execute. */
export const XN_HIGH = 1 << 22;

const MEMATTR_NORMAL = 0xf << 2;
const MEMATTR_DEVICE = 0x1 << 2;
/** With FEAT_S2FWB, MemAttr 0b0110 forces normal write-back. */
const MEMATTR_NORMAL_FWB = 0x6 << 2;

/** What the guest may do with a page, and whether it is device memory. */
export interface Protection {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Device-nGnRE rather than normal write-back memory. */
  readonly device: boolean;
}

/** The attribute bits of a leaf: low and high word. */
export interface LeafAttributes {
  readonly low: number;
  readonly high: number;
  /** Normal write-back memory, which the host's caches may hold. */
  readonly cacheable: boolean;
}

/**
 * The attribute bits for a protection, or `undefined` for device memory that is executable, which stage 2 refuses
 * with EINVAL.
 *
 * @param fwb - FEAT_S2FWB: MemAttr has another encoding
 */
export function leafAttributes(protection: Protection, fwb: boolean): LeafAttributes | undefined {
  const index =
    (protection.read ? 1 : 0) |
    (protection.write ? 2 : 0) |
    (protection.execute ? 4 : 0) |
    (protection.device ? 8 : 0) |
    (fwb ? 16 : 0);
  return ATTRIBUTES[index];
}

/** Made once for all: a fault that maps a page allocates nothing. */
const ATTRIBUTES = Array.from({ length: 32 }, (_, index) => {
  const protection = {
    read: (index & 1) !== 0,
    write: (index & 2) !== 0,
    execute: (index & 4) !== 0,
    device: (index & 8) !== 0,
  };
  return makeAttributes(protection, (index & 16) !== 0);
});

function makeAttributes(protection: Protection, fwb: boolean): LeafAttributes | undefined {
  if (protection.device && protection.execute) return undefined;
  const normal = fwb ? MEMATTR_NORMAL_FWB : MEMATTR_NORMAL;
  const low =
    (protection.device ? MEMATTR_DEVICE : normal) |
    (protection.read ? S2AP_READ : 0) |
    (protection.write ? S2AP_WRITE : 0) |
    SH_INNER |
    ACCESS_FLAG;
  return { low, high: protection.execute ? 0 : XN_HIGH, cacheable: !protection.device };
}

/** Whether a leaf's low word says normal write-back memory. */
export function isCacheable(low: number, fwb: boolean): boolean {
  return (low & MEMATTR_MASK) === (fwb ? MEMATTR_NORMAL_FWB : MEMATTR_NORMAL);
}

/** Low word of an output address. With 64K pages PA bits 51:48 lie in bits 15:12. */
export function addressLow(address: Pa, geometry: Geometry): number {
  const low = address | 0;
  if (geometry.pageShift !== 16) return low;
  return low | ((((address / 2 ** 48) | 0) & 0xf) << 12);
}

/** High word of an output address: PA bits 47:32. */
export function addressHigh(address: Pa): number {
  return ((address / 2 ** 32) | 0) & 0xffff;
}

/** The output address that the two words of a leaf hold, in bytes. */
export function outputAddress(low: number, high: number, geometry: Geometry): Pa {
  const below48 = (high & 0xffff) * 2 ** 32 + (((low >>> geometry.pageShift) << geometry.pageShift) >>> 0);
  return geometry.pageShift === 16 ? below48 + ((low >>> 12) & 0xf) * 2 ** 48 : below48;
}

/** Low word of a table descriptor: a table page's serial stands for its page frame number. */
export function tableLow(serial: number, geometry: Geometry): number {
  return (serial << geometry.pageShift) | VALID_TABLE;
}

/** High word of a table descriptor. */
export function tableHigh(serial: number, geometry: Geometry): number {
  return serial >>> (32 - geometry.pageShift);
}

/** The serial of the table page that a table descriptor points to, valid or stale. */
export function childSerial(low: number, high: number, geometry: Geometry): number {
  return (low >>> geometry.pageShift) | (high << (32 - geometry.pageShift));
}

/** Whether a descriptor at a level above the last is a valid table. */
export function isTable(low: number): boolean {
  return (low & VALID_TABLE) === VALID_TABLE;
}

/** The descriptor as one number for display; not for hot paths. */
export function rawDescriptor(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
