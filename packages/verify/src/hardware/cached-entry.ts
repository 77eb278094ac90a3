/** A translation as a TLB holds it: a leaf that some walk has read. */
import type { Geometry } from '@s2bench/core/stage2';
import { ACCESS_FLAG, outputAddress, S2AP_READ, S2AP_WRITE, XN_HIGH } from '@s2bench/core/stage2';
import { PAGE_BYTES } from '../world.ts';

/** A leaf in a TLB. */
export interface CachedEntry {
  /** First guest page, and how many it covers. */
  readonly page: number;
  readonly pages: number;
  readonly level: number;
  /** Output address of the first page. */
  readonly pa: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

/** Makes the entry that a walk caches from a valid leaf; `undefined` where its access flag forbids it. */
export function cachedEntry(
  low: number,
  high: number,
  ipa: number,
  level: number,
  geometry: Geometry,
): CachedEntry | undefined {
  if ((low & ACCESS_FLAG) === 0) return undefined;
  const granule = geometry.granuleBytes[level as 0 | 1 | 2 | 3];
  return {
    page: ipa / PAGE_BYTES,
    pages: granule / PAGE_BYTES,
    level,
    pa: outputAddress(low, high, geometry),
    read: (low & S2AP_READ) !== 0,
    write: (low & S2AP_WRITE) !== 0,
    execute: (high & XN_HIGH) === 0,
  };
}

/** Whether an entry translates a guest page. */
export function covers(entry: CachedEntry, page: number): boolean {
  return page >= entry.page && page < entry.page + entry.pages;
}

/** Output address of a guest page that an entry covers. */
export function outputOf(entry: CachedEntry, page: number): number {
  return entry.pa + (page - entry.page) * PAGE_BYTES;
}

/** Equal entries have equal keys. */
export function keyOf(entry: CachedEntry): string {
  const rights = `${entry.read ? 'r' : ''}${entry.write ? 'w' : ''}${entry.execute ? 'x' : ''}`;
  return `${entry.page}+${entry.pages}=${entry.pa.toString(16)}${rights}`;
}
