import type { World } from '../world.ts';

/** Live migration. */
export const dirtyLogWorld: World = {
  name: 'dirty-log',
  purpose: 'two vCPUs write while the bitmap is read twice, until logging is switched off',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'block-first'],
  vcpus: [
    { caches: true, steps: ['w0', 'w1', 'w0'] },
    { caches: true, steps: ['w1', 'w0'] },
  ],
  host: [{ do: 'collect' }, { do: 'collect' }, { do: 'logging', on: false }],
};
