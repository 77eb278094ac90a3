/** Stages: each workload has its own, and an order of them. */
import * as z from 'zod';

/** The name of a stage: in capitals, so that none is an array's index and the fields of an object keep their order. */
export const stageNameSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/, 'must be the name of a stage, in capitals, as ADJUST or LOG_ON');
/** The name of a stage of a workload. */
export type StageName = z.infer<typeof stageNameSchema>;

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
