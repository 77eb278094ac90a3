/**
 * Worlds in which the stock abort handler of the kernel model breaks a rule, whatever the strategy: what the explorer
 * found in the code around the visitors. They are no part of a verdict on a strategy.
 */
import type { World } from '../world.ts';

const slot: World['slot'] = { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' };

/**
 * A permission fault that was taken on a page is answered by adding the permission to the leaf that stands there when
 * the lock is taken. Another vCPU has made a block of it meanwhile: its other pages become executable without an
 * I-cache invalidation.
 */
export const relaxExecutable: World = {
  name: 'relax-executable',
  purpose: 'a fetch from a page that is mapped without execute permission races with a coalesce',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: true, steps: ['x0', 'r1', 'x1'] },
    { caches: true, steps: ['r2', 'x2'] },
  ],
  host: [{ do: 'logging', on: false }],
};

/**
 * The same, for a write: a fault that found the slot logging again makes the whole block writable that a fault of the
 * old slot has made, and its other pages are written unseen.
 */
export const relaxWritable: World = {
  name: 'relax-writable',
  purpose: 'logging is switched off and on again while one vCPU coalesces and another adds a permission to a page',
  levels: 2,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: true, steps: ['w0', 'w0'] },
    { caches: true, steps: ['w1', 'w0'] },
  ],
  host: [{ do: 'collect' }, { do: 'logging', on: false }, { do: 'logging', on: true }, { do: 'collect' }],
};

/**
 * The memory cache is not topped up for a permission fault that is no write. While logging is on, a fetch from a block
 * without execute permission needs a table page all the same: on a vCPU that never faulted the map fails with ENOMEM.
 */
export const fetchWhileLogging: World = {
  name: 'fetch-while-logging',
  purpose: 'a vCPU whose memory cache is empty fetches from a block while logging is on',
  levels: 2,
  slot,
  histories: ['block-first'],
  vcpus: [
    { caches: true, steps: ['r0'] },
    { caches: true, steps: ['x2'] },
  ],
  host: [],
};

/**
 * The same without logging: a permission fault, and before the lock is taken another vCPU makes a block of its table and
 * the notifier takes that away, with the table above it. The generator of worlds found it.
 */
export const unmapBeforeRelax: World = {
  name: 'unmap-before-relax',
  purpose: 'a vCPU whose memory cache is empty takes a permission fault on a page whose tables go meanwhile',
  levels: 3,
  slot,
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w1', 'r2', '@2', 'r0'] },
    { caches: false, steps: ['@2', 'w2'] },
  ],
  host: [
    { do: 'await', vcpu: 0, steps: 2 },
    { do: 'logging', on: false },
    { do: 'unmap', firstPage: 2, pages: 2 },
  ],
};

/**
 * A slot that begins inside of a block starts to log: the walk that write-protects it comes in beyond the begin of an
 * entry, goes on by a whole one, and passes over the begin of what is next (linux 357ad203d45c mends it, `aligned-walk`).
 */
export const writeProtectFromHole: World = {
  name: 'write-protect-from-hole',
  purpose: 'a slot that begins inside a block starts to log where nothing is mapped yet',
  levels: 2,
  slot: { basePage: 2, pages: 8, backing: 'anonymous', blockPages: 4, begin: 'written' },
  histories: ['fresh'],
  vcpus: [{ caches: true, steps: ['w4', '@2', 'w4'] }],
  host: [{ do: 'await', vcpu: 0, steps: 1 }, { do: 'logging', on: true }, { do: 'collect' }],
};

/** All of them. */
export const STOCK_RACES: readonly World[] = [
  relaxExecutable,
  relaxWritable,
  fetchWhileLogging,
  unmapBeforeRelax,
  writeProtectFromHole,
];
