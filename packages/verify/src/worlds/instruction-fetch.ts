import type { World } from '../world.ts';

/** The instruction side: a kernel image is executed. */
export const instructionFetch: World = {
  name: 'instruction-fetch',
  purpose:
    'vCPUs fetch from the image: every executable mapping needs a clean, and no older line may be left in the I-cache',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first', 'fresh'],
  vcpus: [
    { caches: true, steps: ['x0', 'x1'] },
    { caches: true, steps: ['x2', 'x3'] },
  ],
  host: [{ do: 'logging', on: false }],
};
