/** Broken strategies, and correct variations of the shipped ones. */
export type { Animal, Habitat, Variation } from './animal.ts';
export { ANIMALS } from './animals/index.ts';
export { VARIATIONS } from './variations/index.ts';
