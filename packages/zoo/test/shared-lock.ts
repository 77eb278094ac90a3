/** What of the shared lock is tried in every run. */
import { type Animal, SHARED_ANIMALS } from '../src/index.ts';

/** Animals that are found only among many states: in the exhaustive tests alone. */
const SLOW: readonly string[] = ['sequence-read-too-late', 'deferred-flush-forgotten', 'subtree-freed-at-once'];

/** The others. */
export const QUICK_ANIMALS: readonly Animal[] = SHARED_ANIMALS.filter(({ name }) => !SLOW.includes(name));
