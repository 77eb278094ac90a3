/** What the host takes away, and the guest keeps: the notifier's sequence ignored, an unmap without a flush. */
import type { GuestFault, MmuNotifier } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import type { Subject } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat } from '../habitats.ts';
import { movesBy, unmapWith } from '../unmap.ts';

/** The check of the notifier's sequence, and what it goes by. */
const retriesWhere =
  (mustRetry: (fault: GuestFault, notifier: MmuNotifier) => boolean): NonNullable<Subject['phases']> =>
  (vm) => ({
    fault: {
      check: (fault) => {
        const { adjust, finish } = vm.phases.fault;
        if (!mustRetry(fault, vm.notifier)) return adjust;
        fault.outcome = 'retried';
        return finish;
      },
    },
  });

export const NOTIFIER: readonly Animal[] = [
  animal({
    name: 'no-retry',
    mistake: 'The fault maps what it has pinned, whatever the notifier said in between.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    phases: retriesWhere(() => false),
  }),
  animal({
    name: 'notifier-count-only',
    mistake:
      'A fault is turned away while the host takes pages, and not when it has taken them since the page was pinned.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    phases: retriesWhere((_fault, notifier) => notifier.mustRetry(notifier.sequence)),
  }),
  animal({
    name: 'notifier-sequence-only',
    mistake:
      'The sequence is compared, and that an invalidation is under way is ignored: the sequence changes only at its end.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    phases: retriesWhere((fault, notifier) => notifier.sequence !== fault.notifierSequence),
  }),
  animal({
    name: 'unmap-without-tlbi',
    mistake: 'A memslot that moves is unmapped page by page without a TLBI for its leaves.',
    of: baseline,
    rule: 'stale-translation',
    habitat: habitat('slot-move'),
    phases: movesBy((vm, slot) => {
      unmapWith(vm.table, slot.baseIpa, slot.sizeBytes, { leaf: () => undefined });
    }),
  }),
];
