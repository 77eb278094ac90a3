/** Version 2 to 3: every stage says how many of its faults were retried. */
import type { JsonObject } from '../schema.ts';
import { changedStages } from './stages.ts';

/**
 * A document of version 2 has the retried faults among its translation and permission faults and does not say how many
 * they are: the count is `null`.
 */
export function withRetriedFaults(document: JsonObject): JsonObject {
  return changedStages(document, 'faults', (faults) => ({ ...faults, retried: null }));
}
