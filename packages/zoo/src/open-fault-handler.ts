/**
 * The abort handler's part under mmu_lock, written out step by step, so that a mistake can be made in one of them.
 * As it stands here it does what the stock handler does; a variation of the zoo shows that.
 */
import { EAGAIN, OK } from '@s2bench/core';
import type { Level } from '@s2bench/core/stage2';
import { alignDown, leafLevelOf } from '@s2bench/core/stage2';
import type { GuestFault, Mapper, Memslot, VirtualMachine } from '@s2bench/kernel';
import { FaultHandler, relaxPermissions } from '@s2bench/kernel';
import type { FaultRunner } from '@s2bench/verify';

/** An abort handler whose steps can be overridden one by one. */
export class OpenFaultHandler extends FaultHandler implements FaultRunner {
  note = 0;
  protected readonly vm: VirtualMachine;
  /** The map of this handler: the machine's own, where nothing else is said. */
  protected mapper: Mapper;

  constructor(vm: VirtualMachine) {
    super(vm);
    this.vm = vm;
    this.mapper = vm.mapper;
  }

  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- as in FaultRunner
  override runLocked(fault: GuestFault): 'keeps-lock' | void {
    if (fault.phase !== 'map') {
      super.runLocked(fault);
      return;
    }
    if (this.mustRetry(fault)) fault.outcome = 'retried';
    else this.serve(fault);
    fault.phase = 'finish';
  }

  /** Whether the host changed its mappings since the page was pinned. */
  protected mustRetry(fault: GuestFault): boolean {
    return this.vm.notifier.mustRetry(fault.notifierSequence);
  }

  /** What follows once it is known that the page is still the host's. */
  protected serve(fault: GuestFault): void {
    this.grow(fault);
    if (fault.execute) this.invalidateIcache(fault.physAddress, fault.mapBytes);
    const faultBytes = this.vm.table.geometry.granuleBytes[fault.level as Level];
    if (fault.kind === 'permission' && fault.mapBytes === faultBytes) this.relax(fault);
    else this.install(fault);
  }

  /** A page grows to a block where the host has a transparent huge page. */
  protected grow(fault: GuestFault): void {
    const slot = slotOf(fault);
    const { backing } = slot;
    if (fault.forcePages || backing.kind !== 'thp' || fault.mapBytes === backing.blockBytes) return;
    if (!backing.isBlock(slot.backingOffsetOf(fault.ipa)) || !this.fits(slot, fault)) return;
    toBlock(fault);
  }

  /** Whether a block around the fault lies in the slot, equally aligned in host and guest. */
  protected fits(slot: Memslot, fault: GuestFault): boolean {
    const { blockBytes } = slot.backing;
    return leafLevelOf(this.vm.table.geometry, blockBytes) !== undefined && slot.supportsBlock(fault.ipa, blockBytes);
  }

  protected invalidateIcache(physAddress: number, sizeBytes: number): void {
    this.vm.effects.icacheInvalidate(physAddress, sizeBytes);
  }

  protected relax(fault: GuestFault): void {
    relaxPermissions(this.vm.table, fault.mapIpa, protectionOf(fault));
    fault.outcome = 'relaxed';
  }

  protected install(fault: GuestFault): void {
    const { mapper } = this;
    const before = mapper.installedLeaves;
    const rc = mapper.map(fault.mapIpa, fault.mapBytes, fault.physAddress, protectionOf(fault), fault.cache);
    if (rc !== OK && rc !== EAGAIN) throw new Error(`mapping 0x${fault.mapIpa.toString(16)} failed with errno ${-rc}`);
    fault.outcome = mapper.installedLeaves > before ? 'mapped' : 'spurious';
  }
}

/** The memslot that a fault that was prepared lies in. */
export function slotOf(fault: GuestFault): Memslot {
  if (fault.slot === undefined) throw new Error('a fault was run before it was prepared');
  return fault.slot;
}

/** Makes a fault map the whole block around it. */
export function toBlock(fault: GuestFault): void {
  const slot = slotOf(fault);
  const { backing } = slot;
  fault.mapBytes = backing.blockBytes;
  fault.mapIpa = alignDown(fault.ipa, backing.blockBytes);
  fault.physAddress = backing.physAddressOf(slot.backingOffsetOf(fault.mapIpa));
}

/** What a fault asks a map for. */
export function protectionOf(fault: GuestFault): { read: boolean; write: boolean; execute: boolean; device: boolean } {
  return { read: true, write: fault.writable, execute: fault.execute, device: false };
}
