/**
 * What users of KVM/arm64 do and no kernel model does: names under which somebody may look for it, and what to say. It stands
 * behind every message about an unknown name, so that what is missing is called missing and not misspelt.
 */

interface NotModelled {
  /** In the letters and digits of a name alone, in lower case. */
  readonly names: RegExp;
  /** A sentence without a full stop. */
  readonly says: string;
}

const NOT_MODELLED: readonly NotModelled[] = [
  {
    names: /dirtyring|^ring$/,
    says: 'the dirty ring (KVM_CAP_DIRTY_LOG_RING) is not modelled: writes are logged in a bitmap',
  },
  {
    names: /readonly|^romem|memslotro/,
    says: 'read-only memslots (KVM_MEM_READONLY), and walks of a guest whose own tables lie there, are not modelled: a slot may be written to',
  },
  {
    names: /pfnmap|vfio|device|mmio/,
    says: 'VM_PFNMAP memory, as of a device, is not modelled: a slot is of hugetlb, thp or anonymous memory, which may be cached',
  },
  {
    names: /^pin|pinned|pinning|affinity|^cpu$|^pcpu|physicalcpu|overcommit|steal/,
    says: 'where vCPUs run is not modelled: each has a CPU of its own, two never share one, and none is preempted',
  },
  {
    names: /vmid|rollover|asid|othervm|^vms$|secondvm|guests/,
    says: 'other guests, and VMIDs or ASIDs that are used again, are not modelled: one VMID lives as long as the guest',
  },
  {
    names: /hdbss|^dbm$|hwdbm|hafdbs|hardwaredirty|hwdirty/,
    says: 'dirty state that hardware writes (HDBSS, DBM) is not modelled: the first store to a page that is logged faults',
  },
  {
    names: /^clear|initiallyset|manualprotect/,
    says: 'KVM_CLEAR_DIRTY_LOG and INITIALLY_SET are timed (workload dirty-log-perf) and stand in no world: there logging protects the whole slot at once',
  },
  {
    names: /pagerefs?$|pagereferences?|hostrefs|getuserpages|^gup/,
    says: 'references of host pages are not modelled: a page that the host takes away is free when the notifier has returned',
  },
  {
    names: /contig|contpte|contpmd/,
    says: 'contiguous entries are not modelled: KVM maps hugetlb pages of contiguous entries by what they are made of, pages or blocks of level 2',
  },
  {
    names: /^lpa2?$|featlpa/,
    says: 'LPA and LPA2 are not modelled: guests have up to 48 bits of addresses',
  },
  {
    names: /nested|^nv2?$/,
    says: 'nested guests are not modelled: there is one stage-2 table',
  },
];

/** What to say of a name that nobody knows, where it is one of what is not modelled; `undefined` where it is not. */
export function whyNotModelled(name: string): string | undefined {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return NOT_MODELLED.find(({ names }) => names.test(letters))?.says;
}

/** The same as the end of a message that says more: `; …`, or nothing. */
export function notModelledText(name: string): string {
  const why = whyNotModelled(name);
  return why === undefined ? '' : `; ${why}`;
}
