/** Worlds that a claim of the thread needs and a verdict on a strategy does not. */
import type { World } from '@s2bench/verify';
import { WORLDS } from '@s2bench/verify';

const huge: World['slot'] = { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' };
const split: World['slot'] = { ...huge, backing: 'thp', begin: 'split' };

/** The host takes back one page of the block and fills it anew, as after swapping, while the huge page stays. */
const refilled: World = {
  name: 'partial-unmap-refilled',
  purpose: 'the notifier takes one page of a table, user space stores to it, and only then a block replaces the table',
  levels: 2,
  slot: huge,
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [
    { do: 'unmap', firstPage: 2, pages: 1 },
    { do: 'write', page: 2 },
    { do: 'logging', on: false },
  ],
};

/** Host and guest address of the memory differ inside the block until the slot is moved to where they agree. */
const unalignedMoved: World = {
  name: 'unaligned-then-moved',
  purpose: 'the slot begins one page off a block, and is moved to where its memory can be one block',
  levels: 2,
  slot: { ...huge, basePage: 1 },
  histories: ['fresh', 'logging-first'],
  vcpus: [
    { caches: false, steps: ['w1', 'r4', 'r5'] },
    { caches: false, steps: ['r2', 'r6'] },
  ],
  host: [
    { do: 'move', toPage: 4 },
    { do: 'logging', on: false },
  ],
};

/** The block around the slot's memory would reach beyond the slot, here and wherever the slot is moved. */
const tooShort: World = {
  name: 'shorter-than-a-block',
  purpose: 'three pages of a huge page are in the slot, which is moved by a block while vCPUs fault on both places',
  levels: 2,
  slot: { ...huge, pages: 3 },
  histories: ['fresh', 'logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1', 'r4'] },
    { caches: false, steps: ['r2', 'r6'] },
  ],
  host: [
    { do: 'logging', on: false },
    { do: 'move', toPage: 4 },
  ],
};

/** Every way in which the host may change a table of pages without logging. */
const busyHost: World = {
  name: 'busy-host',
  purpose: 'half of a split huge page is unmapped, then all of it collapses, while vCPUs fault on all pages',
  levels: 2,
  slot: split,
  histories: ['fresh'],
  vcpus: [
    { caches: false, steps: ['r0', 'w1', 'r3'] },
    { caches: false, steps: ['r2', 'r1'] },
  ],
  host: [
    { do: 'unmap', firstPage: 2, pages: 2 },
    { do: 'collapse', page: 0 },
  ],
};

/** Reads of nothing map the huge zero page, a write splits it, khugepaged makes it huge again. */
const zeroCollapse: World = {
  name: 'zero-page-collapsed',
  purpose: 'reads map the huge zero page, a write splits it, and the host collapses it again',
  levels: 2,
  slot: { ...split, begin: 'untouched' },
  histories: ['fresh'],
  vcpus: [
    { caches: false, steps: ['r0', 'w1', 'r2'] },
    { caches: false, steps: ['r3', 'r1'] },
  ],
  host: [{ do: 'collapse', page: 0 }],
};

/** Two huge pages of different fates below one level-1 entry. */
const threeLevelThp: World = {
  name: 'three-levels-collapsed',
  purpose: 'two split huge pages below a level-2 table; the host collapses one of them',
  levels: 3,
  slot: { ...split, pages: 8 },
  histories: ['fresh'],
  vcpus: [
    { caches: false, steps: ['r0', 'w1', 'r5'] },
    { caches: false, steps: ['r4', 'r2'] },
  ],
  host: [{ do: 'collapse', page: 0 }],
};

/** A migration begins before the guest has turned its caches on. */
const loggingStartsEarly: World = {
  name: 'logging-starts-mmu-off',
  purpose: 'logging is switched on under faults in flight, of a guest that runs with its caches off',
  levels: 2,
  slot: huge,
  histories: ['fresh'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [{ do: 'logging', on: true }],
};

/** Worlds of claims. */
export const CLAIM_WORLDS: readonly World[] = [
  refilled,
  loggingStartsEarly,
  unalignedMoved,
  tooShort,
  busyHost,
  zeroCollapse,
  threeLevelThp,
];

const SUFFIX = '-without-logging';

/** A world in which nobody logs. Where its host switched logging it does nothing, so that waits are for the same steps. */
function withoutLogging(world: World): World {
  return {
    ...world,
    name: `${world.name}${SUFFIX}`,
    purpose: `${world.purpose}; logging is never switched on`,
    histories: ['fresh'],
    host: world.host.map((step) => (step.do === 'logging' ? { do: 'await', vcpu: 0, steps: 0 } : step)),
  };
}

/** All worlds in which nobody logs, the largest included: without a table it is small. */
export const UNLOGGED_WORLDS: readonly World[] = [...WORLDS, ...CLAIM_WORLDS].map(withoutLogging);

const ALL: readonly World[] = [...WORLDS, ...CLAIM_WORLDS, ...UNLOGGED_WORLDS];

/**
 * A world by its name.
 *
 * @throws RangeError where there is none
 */
export function worldNamed(name: string): World {
  const world = ALL.find((candidate) => candidate.name === name);
  if (world === undefined) throw new RangeError(`no world is named ${name}`);
  return world;
}
