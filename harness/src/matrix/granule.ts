/** Which block a backing gives. */
import { leafSizes, makeGeometry } from '@s2bench/core';
import type { Backing } from '../options/axes.ts';
import { formatSize } from '../options/values.ts';

/** Wide enough for every level to exist. Leaf sizes do not depend on it. */
const IPA_BITS = 48;
/** The level whose block transparent huge pages fill: the kernel's PMD. */
const PMD_LEVEL = 2;

/** The blocks that a backing can give at a page size in bytes, largest first; the page for anonymous backing. */
export function granulesOf(backing: Backing, pageSizeBytes: number): number[] {
  const geometry = makeGeometry(pageSizeBytes, IPA_BITS);
  switch (backing) {
    case 'anonymous':
      return [pageSizeBytes];
    case 'thp':
      return [geometry.granuleBytes[PMD_LEVEL]];
    case 'hugetlb':
      return leafSizes(geometry).filter((sizeBytes) => sizeBytes !== pageSizeBytes);
  }
}

/** Why a backing cannot give a granule at a page size, or `undefined` where it can. */
export function whyNoGranule(granuleBytes: number, backing: Backing, pageSizeBytes: number): string | undefined {
  const possible = granulesOf(backing, pageSizeBytes);
  if (possible.includes(granuleBytes)) return undefined;
  const page = formatSize(pageSizeBytes);
  const right = possible.map(formatSize).join(' or ');
  const leaves = leafSizes(makeGeometry(pageSizeBytes, IPA_BITS));
  if (!leaves.includes(granuleBytes)) {
    return `${page} pages have no ${formatSize(granuleBytes)} block; with ${backing} backing it must be ${right}`;
  }
  return `${backing} backing gives ${right} with ${page} pages`;
}
