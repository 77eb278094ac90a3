/** Where animals are caught: the worlds of `@s2bench/verify`, and some that are made for one mistake. */
import type { History, World } from '@s2bench/verify';
import { REAL_WORLDS, WORLDS } from '@s2bench/verify';
import type { Habitat } from './animal.ts';

/** Explored by the benchmark of `@s2bench/verify` only: it has tens of millions of states. */
const LARGEST = 'crowd';
/**
 * A third of all states, for next to nothing: logging is only ever switched on there, so that a table becomes a block
 * only in a fault that was prepared before, and in no other way than in the worlds that are left.
 */
const HARDLY_EVER_A_COALESCE = 'logging-starts';
/**
 * Worlds of many states, explored without FEAT_S2FWB only. With it the cleans fall away and nothing else is different;
 * what that means to a strategy shows in the other worlds.
 */
const LARGE: readonly string[] = ['dirty-log', 'thp-collapse', 'zero-page'];

/** All worlds of `@s2bench/verify` but the largest one. */
export const SMALL_WORLDS: readonly World[] = WORLDS.filter(({ name }) => name !== LARGEST);

/** Where variations are explored: every history of the small worlds, and FEAT_S2FWB both ways where it may matter. */
export const VARIATION_HABITATS: readonly Habitat[] = SMALL_WORLDS.filter(
  ({ name }) => name !== HARDLY_EVER_A_COALESCE,
).flatMap((world) =>
  world.histories.flatMap((history) =>
    (LARGE.includes(world.name) ? [false] : [false, true]).map((fwb) => ({ world, history, fwb })),
  ),
);

/** A table of real size, in which one CPU coalesces: what a strategy decides by counts shows there alone. */
export function realTable(name: string): Habitat {
  const world = REAL_WORLDS.find((each) => each.name === name);
  if (world === undefined) throw new RangeError(`no real table is called ${name}`);
  return { world, history: 'logging-first', fwb: false };
}

/** Where a strategy that is judged by its visitors alone is tried besides: larger pages change the number of entries and nothing else. */
export const REAL_HABITATS: readonly Habitat[] = ['real-4k-level-2', 'real-4k-level-1'].map(realTable);

/** A world of `@s2bench/verify`, without FEAT_S2FWB where nothing else is said. */
export function habitat(name: string, history: History = 'logging-first', fwb = false): Habitat {
  const world = WORLDS.find((each) => each.name === name);
  if (world === undefined) throw new RangeError(`no world is called ${name}`);
  return { world, history, fwb };
}

/** The same, in a world that only the zoo has. */
export function ownHabitat(world: World, history: History = 'logging-first', fwb = false): Habitat {
  return { world, history, fwb };
}

const slot: World['slot'] = { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' };

/** The block's missing pages are stored to, not read. */
export const storesOnly: World = {
  name: 'zoo-stores-only',
  purpose: 'a partly populated table becomes a block, and the guest only stores, past the caches of the host',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'w1'] },
    { caches: false, steps: ['w2'] },
  ],
  host: [{ do: 'logging', on: false }],
};

/** A page that was never mapped is stored to through the guest's caches, and read past them. */
export const storeThenLoad: World = {
  name: 'zoo-store-then-load',
  purpose: 'one store to a page, through the caches, hides nothing of its other lines from a load past them',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: true, steps: ['w0', '@1', 'r1', 'w2'] },
    { caches: false, steps: ['@2', 'r2'] },
  ],
  host: [
    { do: 'logging', on: false },
    { do: 'await', vcpu: 0, steps: 4 },
  ],
};

/** A memslot is deleted under the guest. */
export const slotDeleted: World = {
  name: 'zoo-slot-deleted',
  purpose: 'the memslot is deleted while vCPUs fault on it: what is accessed there afterwards is a device’s',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['r2', 'w1'] },
  ],
  host: [{ do: 'delete-slot' }],
};

/** A page becomes writable, and nobody reads it. */
export const permissionAdded: World = {
  name: 'zoo-permission-added',
  purpose: 'a page that was mapped for reading becomes writable by a permission fault, and is stored to once more',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [{ caches: true, steps: ['r0', 'w0'] }],
  host: [],
};

/** A level-2 table whose entries are all valid over level-3 tables that are not full. */
export const sparseTables: World = {
  name: 'zoo-sparse-tables',
  purpose: 'every entry of a level-2 table is a table with one page; then a level-1 block replaces all of it',
  levels: 3,
  slot: { ...slot, pages: 16, blockPages: 16 },
  histories: ['logging-first'],
  vcpus: [{ caches: false, steps: ['w0', 'r5', 'r10', 'r13', '@1', 'r1'] }],
  host: [{ do: 'logging', on: false }],
};

/** A full table loses a page between a look at it and the lock. */
export const unmappedMeanwhile: World = {
  name: 'zoo-unmapped-meanwhile',
  purpose:
    'every page of the block is mapped; the host unmaps one, and stores to it, while a vCPU is about to coalesce',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [{ caches: false, steps: ['r0', 'r1', 'r2', 'r3', '@2', 'w0', 'r3'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 4 },
    { do: 'logging', on: false },
    { do: 'unmap', firstPage: 3, pages: 1 },
    { do: 'write', page: 3 },
  ],
};

/** The smallest coalesce of a table that is not full. */
export const firstPageOnly: World = {
  name: 'zoo-first-page-only',
  purpose: 'the first page of a block is mapped while logging is on, and the second is touched when it is off',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [{ caches: false, steps: ['w0', '@1', 'r1'] }],
  host: [{ do: 'logging', on: false }],
};
