/** More cells of what sampling.test.ts draws a few of. */
import { expect, it } from 'vitest';
import { holdPattern } from './hold-pattern.ts';
import { PATTERNS } from './patterns.ts';

/** Of each pattern: seventy in all. Of those that are long enough one is off by 1.16 times its bound. */
const CELLS = 14;

it('steps of which a part is sampled say what every fault says, nineteen times in twenty within their bound', () => {
  const partsOfBound = PATTERNS.flatMap((pattern) => holdPattern(pattern, CELLS));
  expect(partsOfBound.length).toBeGreaterThanOrEqual(40);
  expect(partsOfBound.filter((part) => part > 1).length).toBeLessThanOrEqual(partsOfBound.length / 20);
  expect(Math.max(...partsOfBound)).toBeLessThan(1.2);
});
