import type { World } from '../world.ts';

/** First scenario of the selftest for block transitions (linux 979ae12a2d09): a coalesce by a permission fault. */
export const collapseByWrite: World = {
  name: 'collapse-by-write',
  purpose: 'a write that finds its page write-protected makes a block of a table with holes',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', '@3', 'w0'] },
    { caches: false, steps: ['r2', 'r1'] },
  ],
  host: [{ do: 'await', vcpu: 0, steps: 1 }, { do: 'collect' }, { do: 'logging', on: false }],
};
