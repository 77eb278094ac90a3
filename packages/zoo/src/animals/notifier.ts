/** What the host takes away, and the guest keeps: the notifier's sequence ignored, an unmap without a flush. */
import { LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Stage2Table, Level } from '@s2bench/core/stage2';
import { isTable, outputAddress, VALID } from '@s2bench/core/stage2';
import type { GuestFault, MmuNotifier, Visitor, WalkState } from '@s2bench/kernel';
import { LEAF, TABLE_POST, walk } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import type { Subject } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat } from '../habitats.ts';

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

/** The stock unmap, but for the TLBI of leaves. */
class UnflushedUnmap implements Visitor {
  readonly flags = LEAF | TABLE_POST;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  tablePre(): number {
    return OK;
  }

  leaves(first: number, count: number, level: number, state: WalkState): number {
    const table = this.#table;
    const granule = table.geometry.granuleBytes[level as Level];
    for (let index = 0; index < count; index++) {
      const entry = first + index;
      const low = table.low(entry);
      if ((low & VALID) === 0) continue;
      table.invalidate(entry, state.entryAddress + index * granule, level);
      table.drop(table.slotOf(entry), 1);
      if (!table.fwb) table.effects.dcacheClean(outputAddress(low, table.high(entry), table.geometry), granule);
    }
    return OK;
  }

  tablePost(entry: number, level: number, state: WalkState): number {
    const table = this.#table;
    const child = table.childOf(entry);
    if (!isTable(table.low(entry)) || !table.isEmpty(child)) return OK;
    table.invalidate(entry, state.entryAddress, level);
    table.effects.tlbiIpa(state.entryAddress, LEVEL_UNKNOWN);
    table.drop(table.slotOf(entry), 1);
    table.freeTable(child);
    return OK;
  }
}

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
    phases: (vm) => ({
      'move-slot': {
        unmap: ({ request }) => {
          if (request.do !== 'move-slot') return undefined;
          walk(vm.table, request.slot.baseIpa, request.slot.sizeBytes, new UnflushedUnmap(vm.table));
          request.slot.baseIpa = request.toIpa;
          return undefined;
        },
      },
    }),
  }),
];
