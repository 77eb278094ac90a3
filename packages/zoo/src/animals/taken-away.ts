/** What was taken away and is still there: unmaps of nothing, of a part, of another range, or past what TLBs hold. */
import type { VirtualMachine } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat, ownHabitat, slotDeleted } from '../habitats.ts';
import { movesBy, takesBy, unmapWith } from '../unmap.ts';

export const TAKEN_AWAY: readonly Animal[] = [
  animal({
    name: 'notifier-unmaps-nothing',
    mistake: 'The notifier counts the invalidation, and unmaps nothing.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('partial-unmap', 'fresh'),
    phases: takesBy(() => undefined),
  }),
  animal({
    name: 'notifier-unmaps-first-page',
    mistake: 'The notifier unmaps the first page of the range alone.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-unmap'),
    phases: takesBy((vm, { ipa }) => {
      vm.unmap(ipa, PAGE_BYTES);
    }),
  }),
  animal({
    name: 'notifier-unmaps-page-before',
    mistake: 'The range that the notifier unmaps begins and ends a page early.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('partial-unmap'),
    phases: takesBy((vm, { ipa, sizeBytes }) => {
      vm.unmap(ipa - PAGE_BYTES, sizeBytes);
    }),
  }),
  animal({
    name: 'notifier-without-tlbi',
    mistake: 'The notifier invalidates the leaves of the range, and leaves them in the TLBs.',
    of: uniformCmo,
    rule: 'stale-translation',
    habitat: habitat('partial-unmap'),
    phases: takesBy((vm, { ipa, sizeBytes }) => {
      unmapWith(vm.table, ipa, sizeBytes, { leaf: () => undefined });
    }),
  }),
  animal({
    name: 'copy-unmaps-nothing',
    mistake: 'A fault that replaces the zero page announces it to the notifier, which unmaps nothing.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('zero-page', 'fresh'),
    phases: (vm: VirtualMachine) => ({
      fault: {
        'start-invalidation': () => {
          vm.notifier.start();
          return vm.phases.fault['enter-copy'];
        },
      },
    }),
  }),
  animal({
    name: 'delete-unmaps-nothing',
    mistake: 'A memslot that is deleted goes out of the list, and what it mapped stays.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: ownHabitat(slotDeleted),
    phases: (vm: VirtualMachine) => ({
      'delete-slot': {
        unmap: ({ request }) => {
          if (request.do === 'delete-slot') vm.removeSlot(request.slot);
          return undefined;
        },
      },
    }),
  }),
  animal({
    name: 'move-unmaps-nothing',
    mistake: 'A memslot that moves leaves all that it mapped at the old place.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('slot-move'),
    phases: movesBy(() => undefined),
  }),
  animal({
    name: 'move-unmaps-half',
    mistake: 'Of a memslot that moves only the second half is unmapped.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('slot-move'),
    phases: movesBy((vm, slot) => {
      vm.unmap(slot.baseIpa + slot.sizeBytes / 2, slot.sizeBytes / 2);
    }),
  }),
  animal({
    name: 'move-unmaps-new-place',
    mistake: 'A memslot that moves is unmapped where it goes, not where it stood.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('slot-move', 'block-first'),
    phases: movesBy((vm, slot, toIpa) => {
      vm.unmap(toIpa, slot.sizeBytes);
    }),
  }),
];
