/** Cleaning the memory that a range maps, without touching the mappings. */
import { OK } from '@s2bench/core';
import type { Ipa, Stage2Table } from '@s2bench/core/stage2';
import { VALID } from '@s2bench/core/stage2';
import { cleanLeaf } from './unmap.ts';
import { LEAF, walk } from './walker.ts';

/** Cleans to the point of coherency what the cacheable leaves of a range map, each leaf as a whole. */
export function flush(table: Stage2Table, address: Ipa, sizeBytes: number): number {
  // Not even the range is looked at.
  if (table.fwb) return OK;
  return walk(table, address, sizeBytes, {
    flags: LEAF,
    leaves: (first, count, level) => {
      for (let entry = first; entry < first + count; entry++) {
        const low = table.low(entry);
        if ((low & VALID) !== 0) cleanLeaf(table, low, table.high(entry), level);
      }
      return OK;
    },
    tablePre: () => OK,
    tablePost: () => OK,
  });
}
