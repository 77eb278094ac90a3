import { covers } from '../hardware/cached-entry.ts';
import { FLUSH_VMID, writePage, pageLow } from './descriptors.ts';
import type { Rule } from './rule.ts';

/** What was unmapped stays unmapped. */
export const staleTranslation: Rule = {
  name: 'stale-translation',
  sentence:
    'Once an operation has returned, no guest access completes through a cached entry that it removed from the table, and no TLB may hold one for a page that it was to take away.',
  source:
    'Arm ARM DDI 0487, D8.16 "TLB maintenance"; linux v5.11, Documentation/virt/kvm/locking.rst: a flush before the page is given away',
  accepted: {
    begin: 'table',
    steps: [
      writePage(2, pageLow(2) & ~1),
      { do: 'access', page: 2, kind: 'read', caches: true },
      ...FLUSH_VMID,
      { do: 'return' },
    ],
  },
  rejected: {
    begin: 'table',
    steps: [writePage(2, pageLow(2) & ~1), { do: 'return' }, { do: 'access', page: 2, kind: 'read', caches: true }],
  },
  section: ({ taken, left }) => {
    const page = taken.find((each) => left.some((entry) => covers(entry, each)));
    return page === undefined ? undefined : `a TLB may still hold page ${page}, which was taken away`;
  },
  access: { rejects: (_kind, _state, _cached, staleEntry) => staleEntry },
};
