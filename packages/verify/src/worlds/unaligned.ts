import type { World } from '../world.ts';

/** A host address that does not match the guest's. */
export const unaligned: World = {
  name: 'unaligned',
  purpose: 'host and guest address differ inside the block: there is never a block, and never a coalesce',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, hostOffsetPages: 1, begin: 'written' },
  histories: ['logging-first', 'fresh'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};
