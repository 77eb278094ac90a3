/** What a TLBI by IPA, or by range, reaches: leaves of the pages that it names, and the ways to them. */
import type { CachedEntry } from './cached-entry.ts';

/** Guest pages that a TLBI by IPA names, and its level hint, of which 0 is none. */
export interface NamedPages {
  readonly page: number;
  readonly pages: number;
  readonly level: number;
}

/** The first of a range of pages that a TLBI by IPA names; `undefined` where it names none. */
export function firstNamed({ page, pages }: NamedPages, first: number, count: number): number | undefined {
  const from = Math.max(first, page);
  return from < Math.min(first + count, page + pages) ? from : undefined;
}

/** Whether a TLBI by IPA covers a leaf: it names one of its pages, and its level or none. */
export function coversEntry(entry: CachedEntry, named: NamedPages): boolean {
  return firstNamed(named, entry.page, entry.pages) !== undefined && (named.level === 0 || named.level === entry.level);
}

/**
 * Whether a TLBI by IPA that takes its hint at its word ends the way through a table page. A hint speaks of a leaf: one
 * of another level than the leaf that is there need end nothing, and where there is none, one of a level from the table
 * page's own on is as good as the other.
 */
export function endsWay(hint: number, tableLevel: number, leafLevel: number): boolean {
  return hint === 0 || (leafLevel === 0 ? hint >= tableLevel : hint === leafLevel);
}
