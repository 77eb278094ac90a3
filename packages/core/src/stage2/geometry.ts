/** Stage-2 geometry: page size, levels, start level, concatenated roots (Arm ARM D8.2, "Translation tables"). */

/** A guest intermediate physical address in bytes, exact to 2^53. */
export type Ipa = number;
/** A host physical address in bytes, exact to 2^53. */
export type Pa = number;
/** A translation level: 0 is the highest, 3 holds pages. */
export type Level = 0 | 1 | 2 | 3;

/** The page sizes that Arm defines, in bytes. */
export const PAGE_SIZES = [4096, 16384, 65536] as const;
/** A page size in bytes: 4K, 16K or 64K. */
export type PageSizeBytes = (typeof PAGE_SIZES)[number];

/** The level that holds page descriptors. */
export const LAST_LEVEL = 3;
/** At most this many root pages can be concatenated, which saves a level (Arm ARM D8.2.5). */
const MAX_ROOT_PAGES = 16;

/** The shape of one stage-2 table. */
export interface Geometry {
  readonly pageSizeBytes: PageSizeBytes;
  readonly pageShift: number;
  /** Width of the guest's physical address space in bits. */
  readonly ipaBits: number;
  /** First address beyond the guest's physical address space. */
  readonly ipaLimit: number;
  /** Descriptors in one table page. */
  readonly entriesPerTable: number;
  /** The level at which a walk starts. */
  readonly startLevel: number;
  /** Concatenated table pages at the start level. */
  readonly rootPages: number;
  /** Bytes that one entry covers, by level. */
  readonly granuleBytes: readonly [number, number, number, number];
  /** Bytes that one root page covers. */
  readonly rootPageSpanBytes: number;
  /** Whether a leaf may stand at the level, by level. Blocks at level 1 exist with 4K pages only. */
  readonly leafAllowed: readonly [boolean, boolean, boolean, boolean];
}

/**
 * Makes the geometry that KVM chooses for a guest address width: the lowest start level whose root still fits
 * into 16 concatenated pages.
 *
 * @param pageSizeBytes - 4096, 16384 or 65536
 * @param ipaBits - guest physical address bits, 32 to 48
 * @throws RangeError where the page size is not Arm's or the width is out of range
 */
export function makeGeometry(pageSizeBytes: number, ipaBits: number): Geometry {
  if (!isPageSize(pageSizeBytes)) throw new RangeError(`page size ${pageSizeBytes}: must be 4096, 16384 or 65536`);
  if (!Number.isInteger(ipaBits) || ipaBits < 32 || ipaBits > 48) {
    throw new RangeError(`IPA width ${ipaBits}: must be an integer from 32 to 48 bits`);
  }
  const pageShift = Math.log2(pageSizeBytes);
  const indexBits = pageShift - 3;
  const shiftAt = (level: number): number => pageShift + (LAST_LEVEL - level) * indexBits;

  // KVM never uses fewer than two levels.
  let startLevel = LAST_LEVEL - 1;
  while (startLevel > 0 && rootPagesAt(startLevel) > MAX_ROOT_PAGES) startLevel--;

  function rootPagesAt(level: number): number {
    return 1 << Math.max(0, ipaBits - (shiftAt(level) + indexBits));
  }

  return {
    pageSizeBytes,
    pageShift,
    ipaBits,
    ipaLimit: 2 ** ipaBits,
    // Shifted, since V8 keeps a power as a double, and counts in doubles whatever is computed with it.
    entriesPerTable: 1 << indexBits,
    startLevel,
    rootPages: rootPagesAt(startLevel),
    granuleBytes: [2 ** shiftAt(0), 2 ** shiftAt(1), 2 ** shiftAt(2), 2 ** shiftAt(3)],
    rootPageSpanBytes: 2 ** (shiftAt(startLevel) + indexBits),
    leafAllowed: [false, pageSizeBytes === 4096, true, true],
  };
}

/** Whether Arm has a page of this many bytes. */
export function isPageSize(sizeBytes: number): sizeBytes is PageSizeBytes {
  return (PAGE_SIZES as readonly number[]).includes(sizeBytes);
}

/**
 * The level whose leaf covers exactly `sizeBytes`, or `undefined` where this page size has no such leaf.
 */
export function leafLevelOf(geometry: Geometry, sizeBytes: number): number | undefined {
  const level = geometry.granuleBytes.indexOf(sizeBytes);
  return level >= 0 && geometry.leafAllowed[level] === true ? level : undefined;
}

/** The leaf sizes of a page size in bytes, largest first: blocks, then the page. */
export function leafSizes(geometry: Geometry): number[] {
  return geometry.granuleBytes.filter((_, level) => geometry.leafAllowed[level] === true);
}

/** The index of an address's entry in the table page of a level that translates it. */
export function entryIndex(geometry: Geometry, address: Ipa, level: number): number {
  return (address / geometry.granuleBytes[level as Level]) & (geometry.entriesPerTable - 1);
}

/** Rounds an address down to a multiple of a power of two. Exact to 2^53. */
export function alignDown(address: number, sizeBytes: number): number {
  // A float remainder costs tens of nanoseconds; dividing by a power of two is exact.
  return Math.floor(address / sizeBytes) * sizeBytes;
}

/** Whether an address is a multiple of a power of two. Exact to 2^53. */
export function isAligned(address: number, sizeBytes: number): boolean {
  const quotient = address / sizeBytes;
  return Math.floor(quotient) === quotient;
}

/** Rounds an address up to a multiple of a power of two. Exact to 2^53. */
export function alignUp(address: number, sizeBytes: number): number {
  return alignDown(address + sizeBytes - 1, sizeBytes);
}
