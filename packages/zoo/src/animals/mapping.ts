/** Blocks with the wrong address or attributes, or in a place where no block may stand. */
import type { MapOperation, Stage2Entry } from '@s2bench/core';
import { NO_ENTRY } from '@s2bench/core';
import { ACCESS_FLAG, MEMATTR_MASK, S2AP_READ, S2AP_WRITE, VALID_TABLE, XN_HIGH } from '@s2bench/core/stage2';
import type { GuestFault } from '@s2bench/kernel';
import { growToBlock, slotOf } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { RawActions, Subject } from '@s2bench/verify';
import type { Animal } from '../animal.ts';
import { animal, beginsInstallFirst } from '../breed.ts';
import { habitat } from '../habitats.ts';

type Change = Parameters<RawActions['alterNext']>[0];

/** Install-first with a block whose words are changed. */
const blockWith =
  (changeOf: (entry: Stage2Entry, map: MapOperation, raw: RawActions) => Change): NonNullable<Subject['below']> =>
  (raw) => ({
    tablePre(entry, map) {
      if (!beginsInstallFirst(entry, map)) return;
      const change = changeOf(entry, map, raw);
      map.invalidate(entry);
      map.tlbiVmid();
      map.clean(entry);
      raw.alterNext(change);
      map.install(entry);
    },
  });

const ATTRIBUTES_LOW = ACCESS_FLAG | S2AP_READ | S2AP_WRITE | MEMATTR_MASK;

/** The words of the first valid leaf below. */
function firstLeaf(map: MapOperation, raw: RawActions): readonly [number, number] {
  let first = NO_ENTRY;
  map.walkLeaves(map.followed, (leaf) => {
    if (leaf.valid && first === NO_ENTRY) first = leaf.id;
  });
  return raw.load(first);
}

/** Grows to a block whose begin lies in the memslot, wherever its end is. */
function growBeyondSlot(fault: GuestFault): void {
  const slot = slotOf(fault);
  const { backing } = slot;
  const begin = fault.ipa - (fault.ipa % backing.blockBytes);
  if (fault.forcePages || backing.kind !== 'thp' || !backing.isBlock(slot.backingOffsetOf(fault.ipa))) return;
  if (begin >= slot.baseIpa && begin < slot.baseIpa + slot.sizeBytes) growToBlock(fault);
}

export const MAPPING: readonly Animal[] = [
  animal({
    name: 'wrong-output-address',
    mistake: 'The address has already advanced when the block is made: it maps the memory behind it.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-table'),
    below: blockWith(({ sizeBytes }) => (low, high) => [low + sizeBytes, high]),
  }),
  animal({
    name: 'old-attributes',
    mistake: 'The block takes over the attributes of a page of the old table instead of those that the fault asks for.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('full-table'),
    below: blockWith((_entry, map, raw) => {
      const [oldLow, oldHigh] = firstLeaf(map, raw);
      return (low, high) => [
        (low & ~ATTRIBUTES_LOW) | (oldLow & ATTRIBUTES_LOW),
        (high & ~XN_HIGH) | (oldHigh & XN_HIGH),
      ];
    }),
  }),
  animal({
    name: 'no-access-flag',
    mistake: 'The block is installed without the access flag.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-table'),
    below: blockWith(() => (low, high) => [low & ~ACCESS_FLAG, high]),
  }),
  animal({
    name: 'device-memory',
    mistake: 'The block is installed with the attributes of a device.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-table'),
    below: blockWith(() => (low, high) => [low & ~MEMATTR_MASK, high]),
  }),
  animal({
    name: 'always-executable',
    mistake: 'The block is executable whatever the fault asks for.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-table'),
    below: blockWith(() => (low, high) => [low, high & ~XN_HIGH]),
  }),
  animal({
    name: 'always-writable',
    mistake: 'The block is writable though the host has the zero page there and may not write to it.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('zero-page'),
    below: blockWith(() => (low, high) => [low | S2AP_WRITE, high]),
  }),
  animal({
    name: 'block-beyond-slot',
    mistake: 'A block is made wherever its begin lies in the memslot, and the end of it lies behind.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('beyond-slot'),
    phases: (vm) => ({
      fault: {
        adjust: (fault) => {
          growBeyondSlot(fault);
          return vm.phases.fault.maintain;
        },
      },
    }),
  }),
  animal({
    name: 'table-bit-kept',
    mistake: 'The type bit of the old descriptor is left in the block, so that it reads as a table.',
    of: uniformCmo,
    rule: 'mapping',
    habitat: habitat('partial-table'),
    below: blockWith(() => (low, high) => [low | VALID_TABLE, high]),
  }),
];
