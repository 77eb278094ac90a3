/** The dirty log: writes that nobody marks, or marks too early; write protection that is not flushed. */
import type { GuestFault, Memslot } from '@s2bench/kernel';
import { FaultHandler, VirtualMachine, writeProtect } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat, ownHabitat, permissionAdded } from '../habitats.ts';
import { OpenFaultHandler, slotOf, toBlock } from '../open-fault-handler.ts';

class CoalescesWhileLogging extends OpenFaultHandler {
  override runUnlocked(fault: GuestFault): boolean {
    const locked = super.runUnlocked(fault);
    if (fault.phase === 'map' && slotOf(fault).backing.kind === 'hugetlb') toBlock(fault);
    return locked;
  }
}

class ForgetsRelaxed extends FaultHandler {
  override runUnlocked(fault: GuestFault): boolean {
    if (fault.phase === 'finish' && fault.outcome === 'relaxed') fault.writable = false;
    return super.runUnlocked(fault);
  }
}

class MarksTooEarly extends FaultHandler {
  override runUnlocked(fault: GuestFault): boolean {
    if (fault.phase === 'finish') fault.writable = false;
    const locked = super.runUnlocked(fault);
    if (fault.phase === 'map' && fault.writable && slotOf(fault).logging)
      slotOf(fault).dirty.mark(slotOf(fault).pageOf(fault.ipa));
    return locked;
  }
}

class WritableForReaders extends FaultHandler {
  override runUnlocked(fault: GuestFault): boolean {
    if (fault.phase === 'finish' && !fault.write) fault.writable = false;
    const locked = super.runUnlocked(fault);
    if (fault.phase === 'map')
      fault.writable = slotOf(fault).backing.isWritable(slotOf(fault).backingOffsetOf(fault.ipa));
    return locked;
  }
}

class ProtectsWithoutFlush extends VirtualMachine {
  override setLogging(slot: Memslot, on: boolean): void {
    if (slot.logging === on) return;
    slot.logging = on;
    slot.dirty.clear();
    if (on) writeProtect(this.table, slot.baseIpa, slot.sizeBytes);
  }
}

class CollectsWithoutProtecting extends VirtualMachine {
  override collectDirtyLog(slot: Memslot): number {
    let pages = 0;
    slot.dirty.forEachRun((_first, count) => {
      pages += count;
    });
    slot.dirty.clear();
    if (pages > 0) this.effects.tlbiVmid();
    return pages;
  }
}

export const LOGGING: readonly Animal[] = [
  animal({
    name: 'coalesce-while-logging',
    mistake: 'A block is mapped though the slot is logged: the other pages of it are written without a fault.',
    of: uniformCmo,
    rule: 'dirty-log',
    habitat: habitat('dirty-log'),
    handler: (vm) => new CoalescesWhileLogging(vm),
  }),
  animal({
    name: 'dirty-bit-lost',
    mistake: 'A page is marked when it is mapped, but not when a permission fault makes it writable.',
    of: baseline,
    rule: 'dirty-log',
    habitat: habitat('dirty-log', 'block-first'),
    handler: (vm) => new ForgetsRelaxed(vm),
  }),
  animal({
    name: 'marked-too-early',
    mistake: 'A page is marked before it is mapped, and the bitmap is read and cleared in between.',
    of: baseline,
    rule: 'dirty-log',
    habitat: habitat('dirty-log'),
    handler: (vm) => new MarksTooEarly(vm),
  }),
  animal({
    name: 'writable-for-readers',
    mistake: 'A load maps the page writable though the slot is logged, and the store that follows does not fault.',
    of: baseline,
    rule: 'dirty-log',
    habitat: ownHabitat(permissionAdded),
    handler: (vm) => new WritableForReaders(vm),
  }),
  animal({
    name: 'protected-without-flush',
    mistake: 'The slot is write-protected when logging starts, and TLBs keep the writable entries.',
    of: baseline,
    rule: 'stale-translation',
    habitat: habitat('logging-starts', 'fresh'),
    machine: (options) => new ProtectsWithoutFlush(options),
  }),
  animal({
    name: 'collected-without-protecting',
    mistake: 'The bitmap is read and cleared, and its pages stay writable.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('dirty-log'),
    machine: (options) => new CollectsWithoutProtecting(options),
  }),
];
