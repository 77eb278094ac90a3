/**
 * Worlds in which a kernel model's own code breaks a rule, with no strategy in it: each is the smallest that shows one of
 * the known mistakes. They are no part of a verdict on a strategy.
 */
import type { World } from '../world.ts';

const slot: World['slot'] = { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' };

/** linux 36e008323926: the table of a page that is taken away is unlinked, and its page freed. */
export const emptiedTable: World = {
  name: 'emptied-table',
  purpose: 'the host takes away the only page that a table maps, so that the table is unlinked and freed',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [{ caches: true, steps: ['r0'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 1 },
    { do: 'unmap', firstPage: 0, pages: 4 },
  ],
};

/** linux 357ad203d45c: a range that begins in a hole, and ends in the next table. */
export const unalignedUnmap: World = {
  name: 'unaligned-unmap',
  purpose: 'the host takes away a range that begins inside a hole of one block and ends inside the next',
  levels: 2,
  slot: { ...slot, pages: 8, backing: 'anonymous' },
  histories: ['logging-first'],
  vcpus: [{ caches: true, steps: ['r4'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 1 },
    { do: 'unmap', firstPage: 2, pages: 4 },
  ],
};
