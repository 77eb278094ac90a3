/**
 * A flush of what the table covered, where that is little: other mappings of the guest keep their TLB entries.
 *
 * One TLBI by range reaches the leaves of every level below the entry, which a flush by address does not. Over large ranges
 * hardware may take as long as for the VMID, or longer: hence the threshold.
 */
import { defineStrategy, NO_ENTRY, NO_TABLE, z } from '@s2bench/core';

const MIB_BYTES = 2 ** 20;

export default defineStrategy({
  name: 'range-flush',
  summary: 'clean, invalidate the entry, flush its range or, beyond a threshold, the VMID; install, unmap, free',
  source: 'the TLBI by range of linux v6.6 (kvm_tlb_flush_vmid_range) in the order of clean-before-break',
  needs: { rangeTlbi: true },
  expects: 'safe',
  options: z.object({ thresholdMib: z.number().int().min(0).default(32) }),

  visitors: ({ thresholdMib }) => ({
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY) return;
      if (!map.blockSupported(entry)) return;

      map.anchor = entry.id;
      map.followed = map.follow(entry);
      map.clean(entry);
      map.invalidate(entry);
      if (entry.sizeBytes <= thresholdMib * MIB_BYTES) map.tlbiRange(entry.address, entry.sizeBytes);
      else map.tlbiVmid();
      map.install(entry);
    },

    tablePost(entry, map) {
      if (map.anchor === NO_ENTRY) return;

      if (map.anchor !== entry.id) {
        map.freeTable(map.follow(entry));
        map.put(entry);
        return;
      }
      map.freeTable(map.followed);
      map.followed = NO_TABLE;
      map.anchor = NO_ENTRY;
    },
  }),
});
