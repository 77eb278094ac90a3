/** TLBIs by IPA that say too much: a level at which nothing is, or nothing of the stage-1 side. */
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, beginsTakeDown, invalidateRange } from '../breed.ts';
import { habitat } from '../habitats.ts';
import { byIpa, byOwnLevel, movesBy, takesBy, unmapWith } from '../unmap.ts';

export const HINTS: readonly Animal[] = [
  animal({
    name: 'unlink-hinted-as-leaf',
    mistake:
      'A memslot that moves unlinks its tables with their own level as the hint, as kernels of v5.10 to 2024 do.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('slot-move'),
    phases: movesBy((vm, slot) => {
      unmapWith(vm.table, slot.baseIpa, slot.sizeBytes, {
        unlinked: byOwnLevel,
      });
    }),
  }),
  animal({
    name: 'unlink-hinted-above',
    mistake: 'The notifier unlinks a table with the level above it as the hint.',
    of: uniformCmo,
    rule: 'walker-safety',
    habitat: habitat('partial-unmap'),
    phases: takesBy((vm, { ipa, sizeBytes }) => {
      unmapWith(vm.table, ipa, sizeBytes, { unlinked: byIpa(1) });
    }),
  }),
  animal({
    name: 'by-ipa-hinted-as-block',
    mistake:
      'The table is taken down after an invalidation by IPA whose hint is the level of the block, so that a walk may still be in it.',
    of: baseline,
    rule: 'walker-safety',
    habitat: habitat('full-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        map.tlbiIpa(entry);
      },
    },
  }),
  animal({
    name: 'by-leaf-hinted-as-block',
    mistake: 'Every leaf is invalidated by its IPA, with the level of the block that is to come as the hint.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        const { level } = entry;
        map.invalidate(entry);
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf, level));
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'combined-entries-left',
    mistake:
      'The range of the block is invalidated by IPA, and no VMALLE1IS takes the entries that are combined with stage 1.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        invalidateRange(raw, entry);
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'combined-entries-too-early',
    mistake:
      'VMALLE1IS is issued before a DSB has waited for the invalidations by IPA, so that stage 2 still feeds it.',
    of: uniformCmo,
    rule: 'break-before-make',
    habitat: habitat('partial-table'),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        invalidateRange(raw, entry);
        raw.tlbiStage1();
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
];
