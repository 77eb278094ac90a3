import { BLOCK_LOW, clean, writeRoot } from './descriptors.ts';
import { hasGuestLine, OVERWRITABLE } from '../memory/page-state.ts';
import type { Rule } from './rule.ts';

/** Cache maintenance keeps what the guest wrote. */
export const lostGuestWrite: Rule = {
  name: 'lost-guest-write',
  sentence:
    'Nothing that the guest wrote is destroyed: no line that the host dirtied is cleaned, or written back by itself, over a store to memory, and no line with a guest store is invalidated without a clean.',
  source:
    'Arm ARM DDI 0487, B2.8 "Mismatched memory attributes", and B2.4: a dirty line may be written back at any time; linux v5.11, KVM cleans before a page is mapped',
  accepted: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 1 },
      ...clean(0, 4),
      writeRoot(BLOCK_LOW),
      { do: 'access', page: 1, kind: 'write', caches: false },
      ...clean(0, 4),
      { do: 'return' },
    ],
  },
  rejected: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 1 },
      writeRoot(BLOCK_LOW),
      { do: 'access', page: 1, kind: 'write', caches: false },
      ...clean(0, 4),
      { do: 'return' },
    ],
  },
  maintenance: (state, isClean) => (isClean ? state === OVERWRITABLE : hasGuestLine(state)),
  writeBack: (state) => state === OVERWRITABLE,
};
