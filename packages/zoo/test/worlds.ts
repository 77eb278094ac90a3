/** The worlds in two parts: what `npm test` explores, and what only `npm run test:exhaustive` has the time for. */
import { type AnyWorld, REAL_WORLDS } from '@s2bench/verify';
import { SMALL_WORLDS } from '../src/habitats.ts';

/** A few thousand states each: a table with holes, one without, one askew. */
const QUICK = ['partial-table', 'full-table', 'unaligned'];
const ALL: readonly AnyWorld[] = [...SMALL_WORLDS, ...REAL_WORLDS];

/** Explored in a moment. */
export const QUICK_WORLDS: readonly AnyWorld[] = ALL.filter(({ name }) => QUICK.includes(name));

/** One table of real size: half a second for each of those that live in it. */
export const REAL_TABLE: readonly AnyWorld[] = ALL.filter(({ name }) => name === 'real-4k-level-2');

/** Most of all states, and most of all pages: where there is time for them, S2BENCH_LONG=1. */
const LONGEST = ['dirty-log', 'thp-collapse', 'zero-page', 'three-levels', 'real-4k-level-1'];

/** All others that there is time for. */
export const LONGER_WORLDS: readonly AnyWorld[] = ALL.filter(
  (world) =>
    !QUICK_WORLDS.includes(world) &&
    !REAL_TABLE.includes(world) &&
    (process.env['S2BENCH_LONG'] === '1' || !LONGEST.includes(world.name)),
);
