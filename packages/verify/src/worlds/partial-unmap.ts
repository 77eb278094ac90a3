import type { World } from '../world.ts';

/** The host takes back a part of a block. */
export const partialUnmap: World = {
  name: 'partial-unmap',
  purpose: 'the notifier unmaps half of the range, of a table or of a block, while vCPUs fault on both halves',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['fresh', 'logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r3'] },
    { caches: false, steps: ['r2', 'w1'] },
  ],
  host: [
    { do: 'unmap', firstPage: 2, pages: 2 },
    { do: 'logging', on: false },
  ],
};
