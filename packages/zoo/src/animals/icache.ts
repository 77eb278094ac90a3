/** The instruction cache: invalidations that are missing, too small, or before the clean. */
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst } from '../breed.ts';
import { habitat } from '../habitats.ts';
import { OpenFaultHandler } from '../open-fault-handler.ts';

class NoIcacheInvalidate extends OpenFaultHandler {
  protected override invalidateIcache(): void {
    // Whoever wrote this believed that the clean is enough.
  }
}

class FirstPageOfIcache extends OpenFaultHandler {
  protected override invalidateIcache(physAddress: number): void {
    super.invalidateIcache(physAddress, this.vm.table.geometry.pageSizeBytes);
  }
}

export const ICACHE: readonly Animal[] = [
  animal({
    name: 'no-icache-invalidate',
    mistake: 'An executable page is cleaned to memory, and the I-cache keeps what it held before.',
    of: baseline,
    rule: 'instruction-coherency',
    habitat: habitat('instruction-fetch'),
    handler: (vm) => new NoIcacheInvalidate(vm),
  }),
  animal({
    name: 'icache-first-page-only',
    mistake: 'Of an executable block only the first page is invalidated in the I-cache.',
    of: baseline,
    rule: 'instruction-coherency',
    habitat: habitat('instruction-fetch'),
    handler: (vm) => new FirstPageOfIcache(vm),
  }),
  animal({
    name: 'icache-before-clean',
    mistake: 'The I-cache is invalidated before the block is clean, and a speculative fetch fills it with old memory.',
    of: uniformCmo,
    rule: 'instruction-coherency',
    habitat: habitat('instruction-fetch'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { physAddress } = map;
        map.invalidate(entry);
        map.tlbiVmid();
        map.install(entry);
        raw.invalidateIcache(physAddress, entry.sizeBytes);
        raw.clean(physAddress, entry.sizeBytes);
      },
    }),
  }),
];
