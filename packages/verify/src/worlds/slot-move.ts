import type { World } from '../world.ts';

/** User space moves the memslot. */
export const slotMove: World = {
  name: 'slot-move',
  purpose:
    'the slot is moved by a block while vCPUs fault on both places: what stood at the old place is unmapped first',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r4', 'r5'] },
    { caches: false, steps: ['r1', 'r6'] },
  ],
  host: [
    { do: 'move', toPage: 4 },
    { do: 'logging', on: false },
  ],
};
