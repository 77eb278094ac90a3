/** The dirty log: writes that nobody marks, or marks too early; write protection that is not flushed. */
import type { GuestFault, PhaseOverride, PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { growToBlock, slotOf, writeProtect } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat, ownHabitat, permissionAdded } from '../habitats.ts';

type FaultOverrides = NonNullable<PhaseOverrides['fault']>;

/** Does something more once the host page is pinned, whichever phase has pinned it. */
function oncePinned(vm: VirtualMachine, act: (fault: GuestFault) => void): FaultOverrides {
  const override: PhaseOverride<GuestFault> = (fault, stock) => {
    const next = stock(fault);
    if (next === vm.phases.fault.check) act(fault);
    return next;
  };
  return { prepare: override, 'enter-page': override, pin: override };
}

/** Some faults are not marked when they end. */
const unmarked = (where: (fault: GuestFault) => boolean): FaultOverrides => ({
  finish: (fault, stock) => {
    if (where(fault)) fault.writable = false;
    return stock(fault);
  },
});

function markDirty(fault: GuestFault): void {
  const slot = slotOf(fault);
  if (fault.writable && slot.logging) slot.dirty.mark(slot.pageOf(fault.ipa));
}

export const LOGGING: readonly Animal[] = [
  animal({
    name: 'coalesce-while-logging',
    mistake: 'A block is mapped though the slot is logged: the other pages of it are written without a fault.',
    of: uniformCmo,
    rule: 'dirty-log',
    habitat: habitat('dirty-log'),
    phases: (vm) => ({
      fault: oncePinned(vm, (fault) => {
        if (slotOf(fault).backing.kind === 'hugetlb') growToBlock(fault);
      }),
    }),
  }),
  animal({
    name: 'dirty-bit-lost',
    mistake: 'A page is marked when it is mapped, but not when a permission fault makes it writable.',
    of: baseline,
    rule: 'dirty-log',
    habitat: habitat('dirty-log', 'block-first'),
    phases: () => ({ fault: unmarked(({ outcome }) => outcome === 'relaxed') }),
  }),
  animal({
    name: 'marked-too-early',
    mistake: 'A page is marked before it is mapped, and the bitmap is read and cleared in between.',
    of: baseline,
    rule: 'dirty-log',
    habitat: habitat('dirty-log'),
    phases: (vm) => ({ fault: { ...oncePinned(vm, markDirty), ...unmarked(() => true) } }),
  }),
  animal({
    name: 'writable-for-readers',
    mistake: 'A load maps the page writable though the slot is logged, and the store that follows does not fault.',
    of: baseline,
    rule: 'dirty-log',
    habitat: ownHabitat(permissionAdded),
    phases: (vm) => ({
      fault: {
        ...oncePinned(vm, (fault) => {
          const slot = slotOf(fault);
          fault.writable = slot.backing.isWritable(slot.backingOffsetOf(fault.ipa));
        }),
        ...unmarked(({ write }) => !write),
      },
    }),
  }),
  animal({
    name: 'protected-without-flush',
    mistake: 'The slot is write-protected when logging starts, and TLBs keep the writable entries.',
    of: baseline,
    rule: 'stale-translation',
    habitat: habitat('logging-starts', 'fresh'),
    phases: (vm) => ({
      'log-on': {
        'write-protect': ({ request }) => {
          if (request.do === 'log-on') writeProtect(vm.table, request.slot.baseIpa, request.slot.sizeBytes);
          return undefined;
        },
      },
    }),
  }),
  animal({
    name: 'collected-without-protecting',
    mistake: 'The bitmap is read and cleared, and its pages stay writable.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('dirty-log'),
    phases: (vm) => ({
      'collect-log': {
        collect: ({ request }) => {
          if (request.do !== 'collect-log') return undefined;
          let pages = 0;
          request.slot.dirty.forEachRun((_first, count) => {
            pages += count;
          });
          request.slot.dirty.clear();
          if (pages > 0) vm.effects.tlbiVmid();
          return undefined;
        },
      },
    }),
  }),
];
