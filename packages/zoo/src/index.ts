/** Broken strategies, and correct variations of the shipped ones. */
export type { Animal, Habitat, Variation } from './animal.ts';
export { ANIMALS } from './animals/index.ts';
export { SHARED_ANIMALS, SHARED_VARIATIONS } from './shared-lock/index.ts';
export { VARIATIONS } from './variations/index.ts';
