import type { World } from '../world.ts';

/** Memory that nobody has touched yet. */
export const zeroPage: World = {
  name: 'zero-page',
  purpose: 'reads map the zero page; a write replaces it under the notifier while another vCPU reads',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'thp', blockPages: 4, begin: 'untouched' },
  histories: ['fresh', 'logging-first'],
  vcpus: [
    { caches: false, steps: ['r0', 'w1'] },
    { caches: false, steps: ['r1', 'w2|r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};
