import type { World } from '../world.ts';

/** The largest world that is explored completely. */
export const crowd: World = {
  name: 'crowd',
  purpose: 'three vCPUs on two blocks with choices, two of them alike, while the host switches logging off',
  levels: 2,
  slot: { basePage: 0, pages: 8, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: true, steps: ['w0|w4', 'r1'] },
    { caches: true, steps: ['w0|w4', 'r1'] },
    { caches: true, steps: ['r2|r6'] },
  ],
  host: [{ do: 'logging', on: false }],
};
