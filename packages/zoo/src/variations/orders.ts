/** Table pages, references and the abort handler: another order that comes to the same. */
import { NO_ENTRY, NO_TABLE } from '@s2bench/core';
import type { GuestFault } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Variation } from '../animal.ts';
import { beginsTakeDown, variation } from '../breed.ts';
import { OpenFaultHandler } from '../open-fault-handler.ts';

const DROPPED_ONCE = 1;

/** Takes mmu_lock, gives it back, and takes it again before it looks at anything. */
class TakesLockTwice extends OpenFaultHandler {
  override runLocked(fault: GuestFault): ReturnType<OpenFaultHandler['runLocked']> {
    if (fault.phase === 'map' && this.note !== DROPPED_ONCE) {
      this.note = DROPPED_ONCE;
      return;
    }
    return super.runLocked(fault);
  }
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
    name: 'handler-written-out',
    change: 'The abort handler is the one that animals are made from, without a mistake.',
    of: baseline,
    handler: (vm) => new OpenFaultHandler(vm),
  }),
  variation({
    name: 'lock-taken-twice',
    change: 'mmu_lock is taken, given back and taken again before the notifier’s sequence is compared.',
    of: uniformCmo,
    handler: (vm) => new TakesLockTwice(vm),
  }),
];
