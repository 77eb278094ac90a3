/** The order of stages, whose names are each workload's own. */
import type { StageName } from './schema.ts';

/**
 * Several lists of stages as one. What two of them have stands there once; what stands before or behind that in its own list
 * stands so here, where the lists do not contradict each other. A list that has nothing of those before it comes last.
 */
export function inOneOrder(lists: Iterable<readonly StageName[]>): StageName[] {
  const merged: StageName[] = [];
  for (const list of lists) {
    let place = list.some((name) => merged.includes(name)) ? 0 : merged.length;
    for (const name of list) {
      const found = merged.indexOf(name);
      if (found < 0) merged.splice(place++, 0, name);
      else place = found + 1;
    }
  }
  return merged;
}
