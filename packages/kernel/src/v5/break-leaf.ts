/** Breaking a valid leaf where another one shall stand. */
import type { Stage2Entry } from '@s2bench/core';
import { EAGAIN, OK } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import { leafChange } from './leaf-change.ts';

/** The old leaf is broken and the new one can be installed. Not an errno. */
export const BROKEN = 1;

/**
 * Breaks a leaf, unless the new one is the old one or the kernel model leaves such a change to the abort handler.
 *
 * @returns {@link BROKEN}; 0 where the entry stays as it is and has been mapped; EAGAIN where it is left alone
 */
export function breakLeaf(
  table: Stage2Table,
  kernel: KernelModel,
  { id, address, level }: Stage2Entry,
  newLow: number,
  newHigh: number,
): number {
  const slot = table.slotOf(id);
  const change = leafChange(table.low(id), table.high(id), newLow, newHigh);
  if (kernel.filtersPermissionChanges) {
    if (change !== 'mapping') return EAGAIN;
    table.invalidate(id, address, level);
    table.effects.tlbiIpa(address, level);
    table.drop(slot, 1);
    return BROKEN;
  }
  // Before there was a filter, the reference was dropped first, also where the entry then stays as it is.
  table.drop(slot, 1);
  if (change === 'none') {
    table.take(slot);
    return OK;
  }
  table.invalidate(id, address, level);
  table.effects.tlbiIpa(address, level);
  return BROKEN;
}
