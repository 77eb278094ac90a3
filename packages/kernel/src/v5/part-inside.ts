/** The part of an entry that lies in a range that is being mapped: what its memory is known of. */
import type { Stage2Entry } from '@s2bench/core';
import type { Geometry, Ipa, Level } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';

/**
 * A walk may have come in beyond the entry's begin, and the range may hold no more than a part of the entry.
 *
 * @throws RangeError where the entry lies outside of the range
 */
export function partInside(
  { granuleBytes }: Geometry,
  { address, level }: Stage2Entry,
  rangeBegin: Ipa,
  rangeEnd: Ipa,
): { readonly begin: Ipa; readonly end: Ipa } {
  const granule = granuleBytes[level as Level];
  const entryBegin = alignDown(address, granule);
  const begin = Math.max(entryBegin, rangeBegin);
  const end = Math.min(entryBegin + granule, rangeEnd);
  if (begin >= end) {
    const entry = `the entry of level ${level} at 0x${entryBegin.toString(16)}`;
    throw new RangeError(`clean: ${entry} lies outside of what is being mapped, so its memory is not known`);
  }
  return { begin, end };
}
