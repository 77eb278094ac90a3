import type { World } from '../world.ts';

/** The reviewer's first example: khugepaged makes a huge page of what the guest has as pages. */
export const thpCollapse: World = {
  name: 'thp-collapse',
  purpose:
    'pages of a split huge page are mapped one by one; the notifier unmaps them, the host collapses them, later faults map a block',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'thp', blockPages: 4, begin: 'split' },
  histories: ['fresh', 'logging-first'],
  vcpus: [
    { caches: false, steps: ['r0', 'w1'] },
    { caches: false, steps: ['r2', 'r1'] },
  ],
  host: [
    { do: 'collapse', page: 0 },
    { do: 'logging', on: false },
  ],
};
