import type { World } from '../world.ts';

/** The same table as in the thread's question, under a guest that booted. */
export const cachedGuest: World = {
  name: 'cached-guest',
  purpose:
    'the partly populated table under a guest that runs with its caches on: its loads see the host stores wherever they are',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: true, steps: ['w0', 'r1'] },
    { caches: true, steps: ['r2|w2'] },
  ],
  host: [{ do: 'logging', on: false }],
};
