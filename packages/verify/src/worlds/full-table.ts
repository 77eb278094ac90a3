import type { World } from '../world.ts';

/** The table that the thread's author had in mind. */
export const fullTable: World = {
  name: 'full-table',
  purpose:
    'every page is touched while logging is on, and only then a block replaces the table: nothing is missing, so that no clean is owed',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: false, steps: ['r0', 'r1', 'r2', 'r3', '@2', 'w0'] },
    { caches: false, steps: ['@2', 'r2'] },
  ],
  host: [
    { do: 'await', vcpu: 0, steps: 4 },
    { do: 'logging', on: false },
  ],
};
