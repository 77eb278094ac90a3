/** TLB invalidation of ranges, as releases from v6.2 on do it. */
import type { Ipa, Stage2Table } from '@s2bench/core/stage2';

/** MAX_TLBI_RANGE_PAGES: what one operation can say, 32 units of 2^16 pages (Arm ARM, TLBI RIPAS2E1IS: NUM and SCALE). */
const MOST_PAGES = 2 ** 21;

/**
 * Invalidates a range of whole pages: by range where the hardware can and the release does, in as many operations as the
 * encoding asks for; else the whole VMID, however small the range is.
 */
export function flushRange(table: Stage2Table, byRange: boolean, address: Ipa, sizeBytes: number): void {
  const { effects } = table;
  if (!byRange || !table.tlbRange) {
    effects.tlbiVmid();
    return;
  }
  const { pageSizeBytes } = table.geometry;
  let at = address;
  let pages = Math.floor(sizeBytes / pageSizeBytes);
  while (pages > 0) {
    const now = Math.min(pages, MOST_PAGES);
    effects.tlbiRange(at, now);
    at += now * pageSizeBytes;
    pages -= now;
  }
}
