/** How a leaf that is to be installed differs from the valid one that stands. */
import { S2AP_READ, S2AP_WRITE, XN_HIGH } from '@s2bench/core/stage2';

/** Nothing; permissions alone; or anything else, which needs break-before-make in every kernel. */
export type LeafChange = 'none' | 'permissions' | 'mapping';

const PERMISSIONS_LOW = S2AP_READ | S2AP_WRITE;
const PERMISSIONS_HIGH = XN_HIGH;

/** Compares the words of two valid leaves. The access flag is no permission. */
export function leafChange(oldLow: number, oldHigh: number, newLow: number, newHigh: number): LeafChange {
  const low = oldLow ^ newLow;
  const high = oldHigh ^ newHigh;
  if (low === 0 && high === 0) return 'none';
  return (low & ~PERMISSIONS_LOW) === 0 && (high & ~PERMISSIONS_HIGH) === 0 ? 'permissions' : 'mapping';
}
