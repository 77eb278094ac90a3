import type { World } from '../world.ts';

/** A slot whose begin and end lie inside of blocks: none of them is ever a block, whatever the host has. */
export const insideBlock: World = {
  name: 'inside-block',
  purpose: 'the slot begins and ends inside of blocks; it is written while it is logged, and moved',
  levels: 2,
  slot: { basePage: 2, pages: 5, backing: 'thp', blockPages: 4, begin: 'written' },
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w4', 'r3'] },
    { caches: false, steps: ['r2', 'w6|w9'] },
  ],
  host: [
    { do: 'collect' },
    { do: 'logging', on: false },
    // Its first page is mapped by then: the walk that begins in a hole is the kernel model's own affair (stock-races.ts).
    { do: 'await', vcpu: 1, steps: 1 },
    { do: 'move', toPage: 7 },
  ],
};
