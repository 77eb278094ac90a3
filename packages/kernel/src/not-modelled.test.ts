import { describe, expect, it } from 'vitest';
import { notModelledText, whyNotModelled } from './not-modelled.ts';

describe('what is not modelled', () => {
  it.each([
    ['dirty-ring', 'the dirty ring'],
    ['dirtyRing', 'the dirty ring'],
    ['dirty_ring', 'the dirty ring'],
    ['readonly', 'read-only memslots'],
    ['pfnmap', 'VM_PFNMAP'],
    ['pin', 'where vCPUs run'],
    ['overcommit', 'where vCPUs run'],
    ['vmid-rollover', 'other guests'],
    ['hdbss', 'dirty state that hardware writes'],
    ['page-refs', 'references of host pages'],
    ['initially-set', 'KVM_CLEAR_DIRTY_LOG'],
    ['contpte', 'contiguous entries'],
    ['lpa2', 'LPA and LPA2'],
    ['nested', 'nested guests'],
  ])('is called missing under the name that somebody may look for it by: %s', (name, says) => {
    expect(whyNotModelled(name)).toContain(says);
    expect(notModelledText(name)).toBe(`; ${whyNotModelled(name)}`);
  });

  it.each(['hugetlb', 'ADJUST', 'memory', 'spinlock', 'fwb', 'mapping', 'page-table-test', 'vcpus', 'delete', ''])(
    'is not said of a slip of the pen: %s',
    (name) => {
      expect(whyNotModelled(name)).toBeUndefined();
      expect(notModelledText(name)).toBe('');
    },
  );
});
