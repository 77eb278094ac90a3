/** Which variations `npm test` explores in a table of real size: the others wait for the exhaustive tests. */
import type { Variation } from '../src/index.ts';

/** One that counts, one that cleans a part, one that flushes by leaf, one that keeps to a level. */
const QUICK: readonly string[] = [
  'one-count-page-by-page',
  'few-holes-one-by-one',
  'flushed-by-leaf-unhinted',
  'coalesces-only-level-2',
];

/** Whether it is one of them. */
export function isQuickInRealTable({ name }: Variation): boolean {
  return QUICK.includes(name);
}
