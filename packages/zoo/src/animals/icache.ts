/** The instruction cache: invalidations that are missing, too small, or before the clean. */
import type { EffectSink } from '@s2bench/core/stage2';
import type { GuestFault } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Subject } from '@s2bench/verify';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst } from '../breed.ts';
import { habitat } from '../habitats.ts';

/** The maintenance phase with another invalidation of the I-cache, which kernels with patch 1 do nothing besides. */
const invalidating =
  (act: (fault: GuestFault, effects: EffectSink) => void): NonNullable<Subject['phases']> =>
  (vm) => ({
    fault: {
      maintain: (fault, stock) => {
        const { execute } = fault;
        fault.execute = false;
        const next = stock(fault);
        fault.execute = execute;
        if (execute) act(fault, vm.effects);
        return next;
      },
    },
  });

export const ICACHE: readonly Animal[] = [
  animal({
    name: 'no-icache-invalidate',
    mistake: 'An executable page is cleaned to memory, and the I-cache keeps what it held before.',
    of: baseline,
    rule: 'instruction-coherency',
    habitat: habitat('instruction-fetch'),
    // Whoever wrote this believed that the clean is enough.
    phases: invalidating(() => undefined),
  }),
  animal({
    name: 'icache-first-page-only',
    mistake: 'Of an executable block only the first page is invalidated in the I-cache.',
    of: baseline,
    rule: 'instruction-coherency',
    habitat: habitat('instruction-fetch'),
    phases: invalidating(({ physAddress }, effects) => effects.icacheInvalidate(physAddress, PAGE_BYTES)),
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
