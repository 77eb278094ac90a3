import type { World } from '../world.ts';

/** A block at level 1 over tables of two levels. */
export const threeLevels: World = {
  name: 'three-levels',
  purpose: 'a level-1 block replaces a level-2 table with level-3 tables below it, some of them missing',
  levels: 3,
  slot: { basePage: 0, pages: 16, backing: 'hugetlb', blockPages: 16, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r5', 'r1'] },
    { caches: false, steps: ['r10|r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};
