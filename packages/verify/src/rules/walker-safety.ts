import { BLOCK_LOW, FLUSH_VMID, TABLE_LOW, writeRoot } from './descriptors.ts';
import type { Rule } from './rule.ts';

/** Table pages outlive every walk that may be in them. */
export const walkerSafety: Rule = {
  name: 'walker-safety',
  sentence:
    'A table page is given back only after the TLBI that follows its unlinking is complete: until then a walk may hold a pointer to it.',
  source:
    'Arm ARM DDI 0487, D8.16 "TLB maintenance": a walk in progress ends only by a TLBI and its DSB; thread of 20210208112250.163568-4-wangyanan55@huawei.com',
  accepted: {
    begin: 'table',
    steps: [writeRoot(TABLE_LOW & ~1), ...FLUSH_VMID, { do: 'free', slot: 1 }, writeRoot(BLOCK_LOW), { do: 'return' }],
  },
  rejected: {
    begin: 'table',
    steps: [writeRoot(TABLE_LOW & ~1), { do: 'free', slot: 1 }, ...FLUSH_VMID, writeRoot(BLOCK_LOW), { do: 'return' }],
  },
  free: (view, slot) =>
    view.held.has(slot)
      ? `the table page in slot ${slot} is given back while a walk may hold a pointer to it`
      : undefined,
};
