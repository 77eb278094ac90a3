/** The worlds in two parts: what `npm test` explores, and what only `npm run test:exhaustive` has the time for. */
import { type AnyWorld, REAL_WORLDS } from '@s2bench/verify';
import { SMALL_WORLDS } from '../src/habitats.ts';

/** A few thousand states each: a table with holes, one without, one askew; and one table of real size. */
const QUICK = ['partial-table', 'full-table', 'unaligned', 'real-4k-level-2'];
const ALL: readonly AnyWorld[] = [...SMALL_WORLDS, ...REAL_WORLDS];

/** Explored in a moment. */
export const QUICK_WORLDS: readonly AnyWorld[] = ALL.filter(({ name }) => QUICK.includes(name));

/** Most of all states, and most of all pages: where there is time for them, S2BENCH_LONG=1. */
const LONGEST = ['dirty-log', 'thp-collapse', 'zero-page', 'three-levels', 'real-4k-level-1'];

/** All others that there is time for. */
export const LONGER_WORLDS: readonly AnyWorld[] = ALL.filter(
  ({ name }) => !QUICK.includes(name) && (process.env['S2BENCH_LONG'] === '1' || !LONGEST.includes(name)),
);
