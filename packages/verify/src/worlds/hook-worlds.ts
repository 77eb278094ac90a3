/** Worlds for what a plugin does where logging starts and stops: chunk by chunk, while guests fault on either side of the border. */
import type { World } from '../world.ts';

const SLOT = { basePage: 0, pages: 8, backing: 'hugetlb', blockPages: 4, begin: 'written' } as const;

/** Blocks come back. */
const loggingStops: World = {
  name: 'logging-stops',
  purpose: 'logging stops over a full table and one with holes, while a vCPU writes to the one or reads the other',
  levels: 2,
  slot: SLOT,
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1', 'r2', 'x3', 'r4', '@2', 'w1'] },
    { caches: false, steps: ['@1', 'w2|r5'] },
  ],
  host: [
    { do: 'await', vcpu: 0, steps: 5 },
    { do: 'logging', on: false },
  ],
};

/** Blocks go. */
const loggingReturns: World = {
  name: 'logging-returns',
  purpose: 'logging starts over a block and an empty table, is read, stops, and starts again',
  levels: 2,
  slot: SLOT,
  histories: ['fresh'],
  vcpus: [{ caches: true, steps: ['w0', '@2', 'w1', 'r4', '@4', 'w2'] }],
  host: [
    { do: 'await', vcpu: 0, steps: 1 },
    { do: 'logging', on: true },
    { do: 'collect' },
    { do: 'logging', on: false },
    { do: 'logging', on: true },
  ],
};

/** Nothing may become a block. */
const overSmallPages: World = {
  name: 'logging-stops-over-small-pages',
  purpose: 'logging stops over a full table whose pages the host has anywhere, since a huge page was split',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'thp', blockPages: 4, begin: 'split' },
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1', 'w2', 'w3'] },
    { caches: false, steps: ['@2', 'r1'] },
  ],
  host: [
    { do: 'await', vcpu: 0, steps: 4 },
    { do: 'logging', on: false },
  ],
};

/** Explored beside those of a verdict where a strategy has hooks. */
export const HOOK_WORLDS: readonly World[] = [loggingStops, loggingReturns, overSmallPages];
