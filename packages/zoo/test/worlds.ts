/** The worlds in two parts: what `npm test` explores, and what only `npm run test:exhaustive` has the time for. */
import type { World } from '@s2bench/verify';
import { SMALL_WORLDS } from '../src/habitats.ts';

/** A few thousand states each, and between them every way in which a table becomes a block. */
const QUICK = ['partial-table', 'full-table', 'instruction-fetch', 'beyond-slot', 'unaligned'];

/** Explored in a moment. */
export const QUICK_WORLDS: readonly World[] = SMALL_WORLDS.filter(({ name }) => QUICK.includes(name));

/** All others. */
export const LONGER_WORLDS: readonly World[] = SMALL_WORLDS.filter(({ name }) => !QUICK.includes(name));
