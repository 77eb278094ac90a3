/** Granules: which blocks a backing gives at a page size, and how users name them. */
import { leafSizes, makeGeometry } from '@s2bench/core/stage2';
import type { Cell } from '@s2bench/report/schema';
import { UsageError } from '../cli/errors.ts';
import { isRange, rangeEnds } from './ranges.ts';
import { formatSize, parseSize } from './values.ts';

/** Wide enough for every level to exist. Leaf sizes do not depend on it. */
const IPA_BITS = 48;
/** The level whose block transparent huge pages fill: the kernel's PMD. */
const PMD_LEVEL = 2;

/** Host backing of the memslot. */
export type Backing = Cell['backing'];

/**
 * Sizes of hugetlb that are many contiguous entries of the host, by the page size, and what KVM maps them by (`user_mem_abort`
 * takes a contiguous block for one of level 2, and contiguous pages for pages).
 */
const CONTIGUOUS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '4K': { '64K': 'pages, as with --backing anonymous', '32M': 'blocks of 2M: --granule 2M' },
  '16K': { '2M': 'pages, as with --backing anonymous', '1G': 'blocks of 32M: --granule 32M' },
  '64K': { '2M': 'pages, as with --backing anonymous', '16G': 'blocks of 512M: --granule 512M' },
};

/** The largest block that each backing gives at each page size, whatever that is. */
export const LARGEST = 'largest';

/** A granule as a matrix has it: a size in bytes, or what each backing and page size has as its largest. */
export type GranuleChoice = number | typeof LARGEST;

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
    const parts = CONTIGUOUS[page]?.[formatSize(granuleBytes)];
    if (parts !== undefined)
      return `contiguous entries are not modelled: KVM maps hugetlb pages of ${formatSize(granuleBytes)} by ${parts}`;
    return `${page} pages have no ${formatSize(granuleBytes)} block; with ${backing} backing it must be ${right}`;
  }
  return whatGranules(backing, pageSizeBytes);
}

/** What a backing gives at a page size, in a line: the one reason of all the corners of a matrix where it gives no such block. */
export function whatGranules(backing: Backing, pageSizeBytes: number): string {
  const right = granulesOf(backing, pageSizeBytes).map(formatSize).join(' or ');
  return `${backing} backing gives ${right} with ${formatSize(pageSizeBytes)} pages`;
}

/**
 * The granules that a text stands for: a size; `largest`; or a range, which takes those between its ends that a page
 * size and backing of the matrix have.
 *
 * @throws UsageError where it is none of these, or nothing lies in the range
 */
export function parseGranule(
  text: string,
  origin: string,
  backings: readonly Backing[],
  pageSizes: readonly number[],
): GranuleChoice[] {
  if (text === LARGEST) return [LARGEST];
  if (!isRange(text)) return [parseSize(text, origin)];
  const { first, last } = rangeEnds(text, origin, { parse: parseSize, example: '2M..1G' });
  const possible = new Set(pageSizes.flatMap((page) => backings.flatMap((backing) => granulesOf(backing, page))));
  const all = [...possible].sort((a, b) => a - b);
  const inside = all.filter((sizeBytes) => sizeBytes >= first && sizeBytes <= last);
  if (inside.length === 0)
    throw new UsageError(`${origin} ${text}: none lies between; there are ${all.map(formatSize).join(', ')}`);
  return inside;
}

/** How a granule is written. */
export function formatGranule(granule: GranuleChoice): string {
  return granule === LARGEST ? LARGEST : formatSize(granule);
}

/** The sizes of a matrix's granules at one backing and page size, each once. */
export function granuleSizes(
  granules: readonly GranuleChoice[] | undefined,
  backing: Backing,
  pageSizeBytes: number,
): number[] {
  const largest = granulesOf(backing, pageSizeBytes).slice(0, 1);
  if (granules === undefined) return largest;
  return [...new Set(granules.flatMap((granule) => (granule === LARGEST ? largest : [granule])))];
}
