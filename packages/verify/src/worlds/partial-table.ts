import type { World } from '../world.ts';

/** The thread's question in its smallest form. */
export const partialTable: World = {
  name: 'partial-table',
  purpose:
    'a guest touches some pages while logging is on; then a block replaces the table, and another vCPU reads a page that was never touched',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['w0', 'r1'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};
