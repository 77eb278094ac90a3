import type { World } from '../world.ts';

/** The begin of a live migration. */
export const loggingStarts: World = {
  name: 'logging-starts',
  purpose: 'logging is switched on under a guest that writes to a block, and the bitmap is read twice',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['fresh'],
  vcpus: [
    { caches: true, steps: ['w0', 'w1', 'w0'] },
    { caches: true, steps: ['w1', 'w0'] },
  ],
  host: [{ do: 'logging', on: true }, { do: 'collect' }, { do: 'collect' }],
};
