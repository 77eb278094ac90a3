/** Guests that wait for ever: operations that fail, faults that nobody answers, a lock that is not given back. */
import { EAGAIN, ENOMEM, NO_ENTRY } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { findEntry, S2AP_READ, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core/stage2';
import type { GuestFault } from '@s2bench/kernel';
import { protectionOf } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, hasHoles } from '../breed.ts';
import { firstPageOnly, habitat, ownHabitat, permissionAdded } from '../habitats.ts';

/** Adds permissions to the entry that maps a fault's address, and forgets the TLB. */
function relaxWithoutTlbi(table: Stage2Table, fault: GuestFault): void {
  const entry = findEntry(table, fault.mapIpa);
  fault.outcome = 'relaxed';
  if (entry === undefined || (table.low(entry) & VALID) === 0) return;
  const { read, write, execute } = protectionOf(fault);
  const { words } = table.arena;
  words[2 * entry] = table.low(entry) | (read ? S2AP_READ : 0) | (write ? S2AP_WRITE : 0);
  if (execute) words[2 * entry + 1] = table.high(entry) & ~XN_HIGH;
}

export const STALLING: readonly Animal[] = [
  animal({
    name: 'no-coalesce',
    mistake:
      'A table is left as it is when a block is asked for: the map answers EAGAIN, and the page that is missing stays missing.',
    of: uniformCmo,
    rule: 'progress',
    habitat: ownHabitat(firstPageOnly),
    visitors: { tablePre: () => undefined },
  }),
  animal({
    name: 'eagain-for-not-full',
    mistake: 'A table that is not full is left for later with EAGAIN, and later it is no fuller.',
    of: uniformCmo,
    rule: 'progress',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
        if (hasHoles(map.follow(entry), map)) return EAGAIN;
        return uniformCmo.tablePre?.(entry, map);
      },
    },
  }),
  animal({
    name: 'allocates-under-lock',
    mistake:
      'The coalesce wants memory for a list of the old tables when the lock is already taken, and gives up with ENOMEM.',
    of: uniformCmo,
    rule: 'progress',
    habitat: habitat('three-levels'),
    visitors: {
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY && entry.level > 1) return ENOMEM;
        return uniformCmo.tablePre?.(entry, map);
      },
    },
  }),
  animal({
    name: 'eagain-keeps-lock',
    mistake: 'EAGAIN leaves the abort handler by an early return, before mmu_lock is given back.',
    of: baseline,
    rule: 'progress',
    habitat: habitat('cached-guest'),
    phases: () => ({
      fault: {
        map: (fault, stock) => {
          const next = stock(fault);
          fault.keepsLock = fault.outcome === 'spurious';
          return next;
        },
      },
    }),
  }),
  animal({
    name: 'relaxed-without-tlbi',
    mistake:
      'A permission is added to the entry, and the TLB that raised the fault keeps the old one and raises it again.',
    of: baseline,
    rule: 'progress',
    habitat: ownHabitat(permissionAdded),
    phases: (vm) => ({
      fault: {
        relax: (fault) => {
          relaxWithoutTlbi(vm.table, fault);
          return vm.phases.fault.finish;
        },
      },
    }),
  }),
  animal({
    name: 'anchor-walks-on',
    mistake:
      'The leaves below the anchor are mapped as if they were not about to go, and EAGAIN ends the walk in the middle of the coalesce.',
    of: uniformCmo,
    rule: 'accounting',
    habitat: habitat('full-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.clean(entry);
      },
      leaf: (entry, map) => map.mapLeaf(entry),
      tablePost(entry, map) {
        if (map.anchor === entry.id) map.install(entry);
        return uniformCmo.tablePost?.(entry, map);
      },
    },
  }),
];
