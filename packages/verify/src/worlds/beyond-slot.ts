import type { World } from '../world.ts';

/** A block that would reach beyond the memslot. */
export const beyondSlot: World = {
  name: 'beyond-slot',
  purpose: 'the slot ends in the middle of a block: its rest stays mapped by pages, whatever becomes of the logging',
  levels: 2,
  slot: { basePage: 0, pages: 6, backing: 'thp', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w4', 'r5'] },
    { caches: false, steps: ['r0', 'r1'] },
  ],
  host: [{ do: 'logging', on: false }],
};
