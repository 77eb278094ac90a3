/** More cells of what sampling.test.ts draws a few of. */
import { it } from 'vitest';
import { holdPattern } from './hold-pattern.ts';
import { PATTERNS } from './patterns.ts';

/** Of each pattern: seventy in all. */
const CELLS = 14;

it.each(PATTERNS)(
  'a step of which a part is sampled says of %s what every fault says, its time within its bound',
  (pattern) => holdPattern(pattern, CELLS),
);
