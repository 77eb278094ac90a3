import { BLOCK_LOW, FLUSH_VMID, flushIpa, TABLE_LOW, writeRoot } from './descriptors.ts';
import type { CachedEntry } from '../hardware/cached-entry.ts';
import type { Rule } from './rule.ts';

/** No TLB may come to hold two translations of one page that differ in size or output address. */
export const breakBeforeMake: Rule = {
  name: 'break-before-make',
  sentence:
    'A valid entry gives way to a valid one of another size or output address only after an invalid write, a DSB, a TLBI that covers every entry that may be cached from it, and a DSB.',
  source: 'Arm ARM DDI 0487, D8.16.1 "Using break-before-make when updating translation table entries"',
  accepted: {
    begin: 'table',
    steps: [writeRoot(TABLE_LOW & ~1), ...FLUSH_VMID, writeRoot(BLOCK_LOW), { do: 'return' }],
  },
  // By IPA only page 0 goes: pages 1 to 3 of the old table may still be cached beside the block.
  rejected: {
    begin: 'table',
    steps: [writeRoot(TABLE_LOW & ~1), ...flushIpa(0), writeRoot(BLOCK_LOW), { do: 'return' }],
  },
  view: (view) => {
    const conflict = view.conflict();
    if (conflict === undefined) return undefined;
    return `a TLB may hold ${describe(conflict[0])} and ${describe(conflict[1])} at once`;
  },
};

function describe(entry: CachedEntry): string {
  const what = entry.pages === 1 ? `page ${entry.page}` : `block ${entry.page}-${entry.page + entry.pages - 1}`;
  return `${what} -> 0x${entry.pa.toString(16)}`;
}
