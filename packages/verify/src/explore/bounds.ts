/** How far a search goes. */
import { CHUNK_STATES, MOST_STATES } from './state-set.ts';

/** How far to go. */
export interface Bounds {
  readonly maxStates: number;
  readonly maxSeconds: number;
  readonly maxBytes: number;
}

/** Bounds that can be met: a state may lead to some more at once. */
export function withinReach(bounds: Bounds): Bounds {
  return { ...bounds, maxStates: Math.min(bounds.maxStates, MOST_STATES - CHUNK_STATES) };
}
