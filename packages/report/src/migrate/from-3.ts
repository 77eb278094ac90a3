/** Version 3 to 4: every stage says for how many page-seconds pages were out of reach. */
import type { JsonObject } from '../schema.ts';
import { changedStages } from './stages.ts';

/**
 * A document of version 3 has the windows of replaced entries. They are those of their pages where the entry was cleared
 * before anything below it; pages are not counted there: their seconds are `null`.
 */
export function withPageSeconds(document: JsonObject): JsonObject {
  return changedStages(document, 'invalidWindow', (window) => ({ ...window, pageSeconds: null }));
}
