/** Worlds in which sections that share mmu_lock meet. */
import type { World } from '@s2bench/verify';
import { WORLDS } from '@s2bench/verify';

const slot: World['slot'] = { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' };

/** Two vCPUs make one block of one table. */
export const twoCoalesce: World = {
  name: 'zoo-two-coalesce',
  purpose: 'a page of a block was mapped while logging was on; when it is off two vCPUs fault on other pages at once',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', '@1', 'r1'] },
    { caches: false, steps: ['@1', 'r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};

/** One vCPU makes a block while a fault of before maps a page below it. */
export const coalesceBesideFault: World = {
  name: 'zoo-coalesce-beside-fault',
  purpose: 'a vCPU takes a fault while logging is on, and another makes a block of the table before it is answered',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', '@1', 'r1'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};

/** Two vCPUs map pages of one block of which nothing is mapped. */
export const firstTouch: World = {
  name: 'zoo-first-touch',
  purpose: 'two vCPUs touch pages of an empty block at once, while logging is on: one of them makes the table',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0'] },
    { caches: false, steps: ['w1'] },
  ],
  host: [],
};

/** Two vCPUs split one block. */
export const twoSplit: World = {
  name: 'zoo-two-split',
  purpose: 'the guest ran on a block when logging began, and two vCPUs store to pages of it',
  levels: 2,
  slot,
  histories: ['block-first'],
  vcpus: [
    { caches: true, steps: ['w0'] },
    { caches: true, steps: ['w1'] },
  ],
  host: [],
};

/** The host takes a range away beside faults. */
export const takenBeside: World = {
  name: 'zoo-taken-beside',
  purpose: 'the host takes all pages away while one vCPU has mapped some and another faults',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: true, steps: ['w0', 'r1'] },
    { caches: true, steps: ['r0'] },
  ],
  host: [{ do: 'unmap', firstPage: 0, pages: 4 }],
};

/** The host takes away what one vCPU has mapped, and nobody comes back for it. */
export const takenAfterwards: World = {
  name: 'zoo-taken-afterwards',
  purpose: 'a vCPU has mapped a page, and the host takes all pages away',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [{ caches: true, steps: ['w0'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 1 },
    { do: 'unmap', firstPage: 0, pages: 4 },
  ],
};

/** A world of `@s2bench/verify`. */
export function landmark(name: string): World {
  const world = WORLDS.find((each) => each.name === name);
  if (world === undefined) throw new RangeError(`no world is called ${name}`);
  return world;
}

export const FULL_TABLE = landmark('full-table');
