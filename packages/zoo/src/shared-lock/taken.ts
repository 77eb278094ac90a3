/** What goes wrong where the host takes memory away beside faults that share mmu_lock. */
import { unmap } from '@s2bench/kernel';
import type { Animal } from '../animal.ts';
import { byOwnLevel, takesBy, unmapWith } from '../unmap.ts';
import { animal } from './breed.ts';
import { landmark, takenAfterwards, takenBeside } from './habitats.ts';

/** What the host takes away beside faults. */
export const TAKEN: readonly Animal[] = [
  animal({
    name: 'tables-flushed-at-the-end',
    mistake:
      'An unmap leaves the TLBIs of tables to its end and gives their pages back before it, as before linux f62d4c3eb687.',
    rule: 'walker-safety',
    world: takenBeside,
    phases: takesBy(({ table, code }, { ipa, sizeBytes }) => {
      unmap(table, ipa, sizeBytes, 'unknown', 'tables');
      code.flushTlb(ipa, sizeBytes);
    }),
  }),
  animal({
    name: 'deferred-flush-forgotten',
    mistake: 'An unmap leaves its TLBIs to the end, and then makes none.',
    rule: 'stale-translation',
    world: takenBeside,
    phases: takesBy(({ table }, { ipa, sizeBytes }) => {
      unmap(table, ipa, sizeBytes, 'unknown', 'leaves');
    }),
  }),
  animal({
    name: 'unlinked-with-a-hint',
    mistake: 'The notifier unlinks a table with the table’s own level as the hint, as before linux 36e008323926.',
    rule: 'walker-safety',
    world: takenBeside,
    phases: takesBy((vm, { ipa, sizeBytes }) => {
      unmapWith(vm.table, ipa, sizeBytes, { unlinked: byOwnLevel });
    }),
  }),
  animal({
    name: 'notifier-leaves-all-mapped',
    mistake: 'The notifier counts the invalidation and takes the lock alone, and unmaps nothing.',
    rule: 'mapping',
    world: takenAfterwards,
    phases: takesBy(() => undefined),
  }),
  animal({
    name: 'sequence-read-too-late',
    mistake:
      'The notifier’s sequence says nothing of what was looked up before it was read, as before linux 13ec9308a857.',
    rule: 'mapping',
    world: landmark('thp-collapse'),
    phases: (vm) => ({
      fault: {
        check: (fault) => {
          const { adjust, finish } = vm.phases.fault;
          if (!vm.notifier.mustRetry(vm.notifier.sequence)) return adjust;
          fault.outcome = 'retried';
          return finish;
        },
      },
    }),
  }),
];
