/** All correct variations. */
import type { Variation } from '../animal.ts';
import { BARRIERS } from './barriers.ts';
import { BLOCKS } from './blocks.ts';
import { CLEANS } from './cleans.ts';
import { INVALIDATIONS } from './invalidations.ts';
import { ORDERS } from './orders.ts';
import { RANGES } from './ranges.ts';
import { TEARDOWNS } from './teardowns.ts';
import { THRESHOLDS } from './thresholds.ts';

/** The correct variations. None of them may raise an alarm. */
export const VARIATIONS: readonly Variation[] = [
  ...BARRIERS,
  ...CLEANS,
  ...ORDERS,
  ...INVALIDATIONS,
  ...TEARDOWNS,
  ...BLOCKS,
  ...THRESHOLDS,
  ...RANGES,
];
