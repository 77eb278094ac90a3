import { clean, pageLow, writePage } from './descriptors.ts';
import { isOwed } from '../memory/page-state.ts';
import type { Rule } from './rule.ts';

const READ = 0;

/** A guest with its MMU off reads memory, not the host's caches. */
export const dataCoherency: Rule = {
  name: 'data-coherency',
  sentence:
    'Without FEAT_S2FWB a guest load with caches off gets what the host last wrote while the guest could not reach the page: it is cleaned to the point of coherency whenever it becomes reachable.',
  source:
    'linux v5.11, arch/arm64/kvm/mmu.c: user_mem_abort() cleans at every fault that maps, stage2_flush_vm() what is mapped alone; thread of 20210208112250.163568-4-wangyanan55@huawei.com',
  accepted: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 2 },
      ...clean(2, 1),
      { do: 'alloc', slot: 1, serial: 1, level: 3, base: 0 },
      writeTable(),
      writePage(2, pageLow(2)),
      { do: 'return' },
      { do: 'access', page: 2, kind: 'read', caches: false },
    ],
  },
  rejected: {
    begin: 'empty',
    steps: [
      { do: 'host-write', page: 2 },
      { do: 'alloc', slot: 1, serial: 1, level: 3, base: 0 },
      writeTable(),
      writePage(2, pageLow(2)),
      { do: 'return' },
      { do: 'access', page: 2, kind: 'read', caches: false },
    ],
  },
  access: { rejects: (kind, state, cached) => kind === READ && isOwed(state) && !cached },
};

function writeTable(): { do: 'write'; entry: number; low: number; high: number } {
  return { do: 'write', entry: 0, low: 0x1003, high: 0 };
}
