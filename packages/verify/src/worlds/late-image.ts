import type { World } from '../world.ts';

/** The host loads more of the image while the guest runs. */
export const lateImage: World = {
  name: 'late-image',
  purpose: 'user space stores to a page that the guest cannot reach yet while other pages of the block are mapped',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['w3', 'r2'] },
  ],
  host: [
    { do: 'write', page: 2 },
    { do: 'logging', on: false },
  ],
};
