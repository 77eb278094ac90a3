/** TLBIs of other reach than the kernel's, and hardware that asks for less: each of them is enough. */
import { LEVEL_UNKNOWN } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { STRICTEST } from '@s2bench/verify';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, beginsTakeDown, invalidateRange, variation } from '../breed.ts';
import { byIpa, movesBy, takesBy, unmapWith } from '../unmap.ts';

/** A variation that is right on some hardware only. */
function on(arch: string, settings: Partial<typeof STRICTEST>, right: Variation): Variation {
  const hardware = { ...STRICTEST, ...settings, name: arch };
  return { ...right, habitats: right.habitats.map((habitat) => ({ ...habitat, arch: hardware })) };
}

export const INVALIDATIONS: readonly Variation[] = [
  variation({
    name: 'flushed-by-leaf',
    change: 'Not the VMID is flushed but every leaf of the old table by its IPA, valid or not, at its own level.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf));
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'flushed-by-leaf-unhinted',
    change: 'Every leaf of the old table is flushed by its IPA with no level given, before the subtree goes.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        map.walkLeaves(map.follow(entry), (leaf) => map.tlbiIpa(leaf, LEVEL_UNKNOWN));
      },
    },
  }),
  variation({
    name: 'flushed-by-range-and-vmid',
    change:
      'The range is invalidated by IPA first, and the flush of the VMID after it takes what is combined with stage 1.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        invalidateRange(raw, entry);
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  variation({
    name: 'cleaned-again-after',
    change: 'The block is cleaned before it is installed, and once more when it stands.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { physAddress } = map;
        map.invalidate(entry);
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
        raw.clean(physAddress, entry.sizeBytes);
      },
    }),
  }),
  variation({
    name: 'unlinked-with-leaf-level',
    change: 'A memslot that moves unlinks a table of pages with the level of pages as the hint.',
    of: baseline,
    phases: movesBy((vm, slot) => {
      unmapWith(vm.table, slot.baseIpa, slot.sizeBytes, { unlinked: byIpa(3) });
    }),
  }),
  variation({
    name: 'unmapped-with-vmid-flushes',
    change: 'The notifier flushes the VMID for each leaf and for each table that it unlinks.',
    of: uniformCmo,
    phases: takesBy((vm, { ipa, sizeBytes }) => {
      const flush = (): void => vm.effects.tlbiVmid();
      unmapWith(vm.table, ipa, sizeBytes, { leaf: flush, unlinked: flush });
    }),
  }),
  variation({
    name: 'notifier-takes-all',
    change: 'The notifier unmaps the whole memslot, whatever it was told of.',
    of: baseline,
    phases: takesBy((vm, _range, slot) => {
      vm.unmap(slot.baseIpa, slot.sizeBytes);
    }),
  }),
  on(
    'bbm=2',
    { bbm: 2 },
    variation({
      name: 'block-over-table',
      change:
        'With FEAT_BBM level 2 the block is stored over the valid table, and the VMID is flushed before the subtree goes.',
      of: uniformCmo,
      visitors: {
        tablePre(entry, map) {
          if (!beginsInstallFirst(entry, map)) return;
          map.clean(entry);
          map.install(entry);
          map.tlbiVmid();
        },
      },
    }),
  ),
  on(
    'dic=on',
    { dic: true },
    variation({
      name: 'no-icache-with-dic',
      change: 'With CTR_EL0.DIC the I-cache is not invalidated for what becomes executable.',
      of: baseline,
      phases: () => ({
        fault: {
          maintain: (fault, stock) => {
            const { execute } = fault;
            fault.execute = false;
            const next = stock(fault);
            fault.execute = execute;
            return next;
          },
        },
      }),
    }),
  ),
];
