/**
 * The order of v5.11 to v6.1: break, flush the VMID, take the subtree down, and only then make the block. (From v5.14 on
 * the topmost of the old tables is freed after the block is made; what is below it goes before, as here.)
 *
 * The entry stays invalid for the whole of the teardown and of the clean: every vCPU that touches the block
 * meanwhile faults and waits for the lock.
 */
import { defineStrategy, NO_ENTRY } from '@s2bench/core';

export default defineStrategy({
  name: 'baseline',
  summary: 'invalidate the entry, flush the VMID, unmap and free the subtree, clean, install the block',
  source: 'linux v5.11, arch/arm64/kvm/hyp/pgtable.c, with patch 1 of 20210208112250.163568-1-wangyanan55@huawei.com',
  expects: 'safe',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY) return;
    if (!map.blockSupported(entry)) return;

    map.invalidate(entry);
    // One flush of the VMID: there may be very many leaves below, each cached on its own.
    map.tlbiVmid();
    map.anchor = entry.id;
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;

    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;

    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});
