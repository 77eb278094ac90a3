/** Looks at how full a table is that see too little, or that are no longer true when they are used. */
import type { Strategy } from '@s2bench/core';
import { alignDown, findEntry, VALID } from '@s2bench/core/stage2';
import type { GuestFault, Phase, PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { mapFault, pageTableCode, slotOf } from '@s2bench/kernel';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import { makeSmallGeometry } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst, hasHoles } from '../breed.ts';
import { habitat, ownHabitat, sparseTables, unmappedMeanwhile } from '../habitats.ts';

const { entriesPerTable } = makeSmallGeometry(2);

/** Install-first with a clean where `isFull` says that something is missing. */
const trusting = (isFull: () => boolean): Strategy => ({
  ...fullPopulationCheck,
  tablePre(entry, map) {
    if (!beginsInstallFirst(entry, map)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    if (!isFull()) map.clean(entry);
    map.install(entry);
  },
});

const NOT_LOOKED = 0;
const MISSING = 1;
const FULL = 2;

function isFull({ table }: VirtualMachine, fault: GuestFault): boolean {
  const { blockBytes, pageSizeBytes } = slotOf(fault).backing;
  const begin = alignDown(fault.ipa, blockBytes);
  for (let ipa = begin; ipa < begin + blockBytes; ipa += pageSizeBytes) {
    const entry = findEntry(table, ipa);
    if (entry === undefined || (table.low(entry) & VALID) === 0) return false;
  }
  return true;
}

/**
 * Looks at the table at the begin of a fault, and believes it under the lock. The look has no lock in the kernel; here
 * it is a lock section of its own, with room for everybody else behind it.
 */
function looksBeforeLock(vm: VirtualMachine): PhaseOverrides {
  let note = NOT_LOOKED;
  const code = pageTableCode(
    vm.table,
    vm.kernel,
    trusting(() => note === FULL),
  );
  const look: Phase<GuestFault> = {
    name: 'look',
    lock: 'exclusive',
    run: (fault) => {
      fault.note = isFull(vm, fault) ? FULL : MISSING;
      return vm.phases.fault.prepare;
    },
  };
  return {
    fault: {
      look,
      prepare: (fault, stock) => {
        if (fault.note !== NOT_LOOKED) return stock(fault);
        fault.slot = vm.slotAt(fault.ipa);
        return look;
      },
      map: (fault) => {
        note = fault.note;
        mapFault(fault, code);
        return vm.phases.fault.finish;
      },
    },
  };
}

export const POPULATION: readonly Animal[] = [
  animal({
    name: 'cleans-only-full-tables',
    mistake:
      'The condition is the wrong way round: what is full is cleaned, and where something is missing nothing is.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        if (!hasHoles(map.followed, map)) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'invalid-entries-counted',
    mistake: 'Entries are counted whether they are valid or not, so that every table is full.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: habitat('partial-table'),
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let mappedBytes = 0;
        map.walkLeaves(map.followed, (leaf) => {
          mappedBytes += leaf.sizeBytes;
        });
        map.invalidate(entry);
        map.tlbiVmid();
        if (mappedBytes < entry.sizeBytes) map.clean(entry);
        map.install(entry);
      },
    },
  }),
  animal({
    name: 'one-level-counted',
    mistake: 'Only the entries of the table itself are counted, and what is missing in the tables below is not seen.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: ownHabitat(sparseTables),
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        let valid = 0;
        const first = map.followed * entriesPerTable;
        for (let child = first; child < first + entriesPerTable; child++) valid += raw.load(child)[0] & VALID;
        map.invalidate(entry);
        map.tlbiVmid();
        if (valid < entriesPerTable) map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  animal({
    name: 'counted-outside-lock',
    mistake:
      'The population is looked at outside the lock, before the notifier’s sequence is read, and a page that goes meanwhile counts as mapped.',
    of: fullPopulationCheck,
    rule: 'data-coherency',
    habitat: ownHabitat(unmappedMeanwhile),
    phases: looksBeforeLock,
  }),
];
