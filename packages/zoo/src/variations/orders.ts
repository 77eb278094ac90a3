/** Table pages, references and the abort handler: another order that comes to the same. */
import { NO_ENTRY, NO_TABLE } from '@s2bench/core';
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsTakeDown, variation } from '../breed.ts';

const DROPPED_ONCE = 1;

/** Takes mmu_lock, gives it back, and takes it again before it looks at anything. */
function takesLockTwice(vm: VirtualMachine): PhaseOverrides {
  return {
    fault: {
      check: (fault, stock) => {
        if (fault.note === DROPPED_ONCE) return stock(fault);
        fault.note = DROPPED_ONCE;
        return { ...vm.phases.fault.check, relocks: true };
      },
    },
  };
}

/** Looks for a huge page of the host's before it knows whether the page is still the host's. */
function adjustsBeforeCheck(vm: VirtualMachine): PhaseOverrides {
  return {
    fault: {
      check: (fault, stock) => {
        const { adjust, maintain } = vm.phases.fault;
        adjust.run(fault);
        const next = stock(fault);
        return next === adjust ? maintain : next;
      },
    },
  };
}

export const ORDERS: readonly Variation[] = [
  variation({
    name: 'followed-after-break',
    change: 'The old table is followed after the break: an entry that was invalidated still leads there.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.followed = map.follow(entry);
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'installed-at-the-end',
    change: 'The table page is freed and the block is installed after it, with the anchor’s reference kept all along.',
    of: baseline,
    visitors: {
      tablePost(entry, map) {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        if (map.anchor !== entry.id) {
          map.put(entry);
          return;
        }
        map.anchor = NO_ENTRY;
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'reference-swapped',
    change: 'The anchor’s reference is taken for the block before it is dropped for the table.',
    of: uniformCmo,
    visitors: {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return uniformCmo.tablePost?.(entry, map);
        map.get(entry);
        map.freeTable(map.followed);
        map.put(entry);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    },
  }),
  variation({
    name: 'adjusted-before-check',
    change: 'A huge page is looked for before the notifier’s sequence is compared: both are under the lock.',
    of: baseline,
    phases: adjustsBeforeCheck,
  }),
  variation({
    name: 'lock-taken-twice',
    change: 'mmu_lock is taken, given back and taken again before the notifier’s sequence is compared.',
    of: uniformCmo,
    phases: takesLockTwice,
  }),
];
