import { BLOCK_LOW, clean, invalidateIcache, writeRoot } from './descriptors.ts';
import type { Rule } from './rule.ts';

const FETCH = 2;

/** The instruction cache is filled from memory, and only through an executable mapping. */
export const instructionCoherency: Rule = {
  name: 'instruction-coherency',
  sentence:
    'A guest fetches what the host last wrote before the guest could reach the page: an executable mapping becomes visible only when the page is clean and no older line can be left in the I-cache.',
  source:
    'Arm ARM DDI 0487, B2.4 "Caches and memory hierarchy": clean, then invalidate; linux v5.11, __invalidate_icache_guest_page()',
  accepted: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 0 },
      ...clean(0, 4),
      ...invalidateIcache(0, 4),
      writeRoot(BLOCK_LOW),
      { do: 'return' },
      { do: 'access', page: 0, kind: 'fetch', caches: true },
    ],
  },
  // The mapping stands before the clean: a speculative fetch fills the I-cache with the old contents in between.
  rejected: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 0 },
      ...invalidateIcache(0, 4),
      writeRoot(BLOCK_LOW),
      ...clean(0, 4),
      { do: 'return' },
      { do: 'access', page: 0, kind: 'fetch', caches: true },
    ],
  },
  access: { rejects: (kind, _state, _cached, _staleEntry, staleLine) => kind === FETCH && staleLine },
};
