/** All animals, family by family. */
import type { Animal } from '../animal.ts';
import { CLEANING } from './cleaning.ts';
import { COUNTING } from './counting.ts';
import { FLUSH } from './flush.ts';
import { HINTS } from './hints.ts';
import { ICACHE } from './icache.ts';
import { LOGGING } from './logging.ts';
import { MAPPING } from './mapping.ts';
import { MIXTURES } from './mixtures.ts';
import { NOTIFIER } from './notifier.ts';
import { ORDER } from './order.ts';
import { PLACES } from './places.ts';
import { POPULATION } from './population.ts';
import { STALLING } from './stalling.ts';
import { TAKEN_AWAY } from './taken-away.ts';
import { THRESHOLDS } from './thresholds.ts';

/** The broken strategies. */
export const ANIMALS: readonly Animal[] = [
  ...FLUSH,
  ...HINTS,
  ...ORDER,
  ...CLEANING,
  ...ICACHE,
  ...POPULATION,
  ...COUNTING,
  ...MAPPING,
  ...LOGGING,
  ...NOTIFIER,
  ...TAKEN_AWAY,
  ...STALLING,
  ...THRESHOLDS,
  ...PLACES,
  ...MIXTURES,
];
