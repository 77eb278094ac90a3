/**
 * The abort handler of KVM/arm64 v5.12: from a guest's stage-2 abort to a mapping. (That of v5.11 knows no EAGAIN, and
 * marks a page dirty before it maps it.)
 *
 * It is written as a sequence of steps, so that whoever schedules vCPUs decides what happens between them:
 * {@link FaultHandler.runUnlocked} goes on to where mmu_lock is needed, {@link FaultHandler.runLocked} does what is
 * done under it.
 */
import { relaxPermissions } from './attributes.ts';
import type { Protection } from './descriptor.ts';
import { EAGAIN, OK } from './errno.ts';
import type { Geometry, Level } from './geometry.ts';
import { alignDown, LAST_LEVEL, leafLevelOf } from './geometry.ts';
import type { FaultPhase, GuestFault } from './guest-fault.ts';
import type { Memslot } from './memslot.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** What runs under mmu_lock. */
function runsLocked(phase: FaultPhase): boolean {
  return phase === 'map' || phase === 'start-invalidation' || phase === 'change-pte' || phase === 'end-invalidation';
}

/** Runs the faults of one virtual machine. Holds no state of a fault: that is in the {@link GuestFault}. */
export class FaultHandler {
  readonly #vm: VirtualMachine;
  readonly #geometry: Geometry;
  /** Table pages that a map may need: one for each level below the root. */
  readonly #cachePages: number;
  readonly #protection = { read: true, write: false, execute: false, device: false };

  constructor(vm: VirtualMachine) {
    this.#vm = vm;
    this.#geometry = vm.table.geometry;
    this.#cachePages = LAST_LEVEL - this.#geometry.startLevel;
  }

  /**
   * Does what can be done next without mmu_lock.
   *
   * @returns whether the lock is needed next. Where it is not, the vCPU is back in the guest if the phase is `done`;
   * otherwise the host's own time has passed, and this is called again.
   */
  runUnlocked(fault: GuestFault): boolean {
    switch (fault.phase) {
      case 'prepare':
        this.#vm.effects.guestExited();
        this.#prepare(fault);
        break;
      case 'enter-page':
        this.#enterPage(fault);
        break;
      case 'enter-copy':
        this.#enterCopy(fault);
        break;
      case 'pin':
        this.#pin(fault);
        break;
      case 'finish':
        this.#finish(fault);
        break;
      case 'done':
        throw new Error('a fault that is done was run again');
      default:
        // The lock was dropped only to be taken again.
        break;
    }
    return runsLocked(fault.phase);
  }

  /** Does what is done under mmu_lock. */
  runLocked(fault: GuestFault): void {
    const vm = this.#vm;
    switch (fault.phase) {
      case 'start-invalidation': {
        const slot = slotOf(fault);
        const range = slot.backing.copyRange(slot.backingOffsetOf(fault.ipa));
        vm.notifierStart(slot, range.offset, range.sizeBytes);
        fault.phase = 'enter-copy';
        return;
      }
      case 'change-pte':
        vm.notifierChangePte(slotOf(fault), slotOf(fault).backingOffsetOf(fault.ipa));
        fault.phase = 'end-invalidation';
        return;
      case 'end-invalidation':
        vm.notifierEnd();
        fault.phase = 'pin';
        return;
      case 'map':
        this.#map(fault);
        fault.phase = 'finish';
        return;
      default:
        throw new Error(`fault phase ${fault.phase} does not run under mmu_lock`);
    }
  }

  #prepare(fault: GuestFault): void {
    const slot = this.#vm.slotAt(fault.ipa);
    if (slot === undefined) throw new RangeError(`guest access to 0x${fault.ipa.toString(16)}: no memslot there`);
    fault.slot = slot;
    this.#chooseSize(fault, slot);
    // A permission fault needs no table page, unless logging splits a block.
    if (fault.kind !== 'permission' || (slot.logging && fault.write)) fault.cache.topUp(this.#cachePages);
    fault.notifierSequence = this.#vm.notifier.sequence;
    this.#pin(fault);
  }

  /** The size of the mapping as the VMA suggests it; a THP adjust may enlarge it under the lock. */
  #chooseSize(fault: GuestFault, slot: Memslot): void {
    const { pageSizeBytes } = this.#geometry;
    let sizeBytes = slot.backing.kind === 'hugetlb' && !slot.logging ? slot.backing.blockBytes : pageSizeBytes;
    fault.forcePages = slot.logging;
    while (sizeBytes > pageSizeBytes && !this.#blockFits(slot, fault, sizeBytes)) {
      sizeBytes = this.#nextSmaller(sizeBytes);
      if (sizeBytes === pageSizeBytes) fault.forcePages = true;
    }
    fault.mapBytes = sizeBytes;
    fault.mapIpa = alignDown(fault.ipa, sizeBytes);
  }

  #blockFits(slot: Memslot, fault: GuestFault, sizeBytes: number): boolean {
    return leafLevelOf(this.#geometry, sizeBytes) !== undefined && slot.supportsBlock(fault.ipa, sizeBytes);
  }

  #nextSmaller(sizeBytes: number): number {
    const { granuleBytes, leafAllowed } = this.#geometry;
    for (let level = 0; level <= LAST_LEVEL; level++) {
      const granule = granuleBytes[level as Level];
      if (granule < sizeBytes && leafAllowed[level as Level]) return granule;
    }
    return this.#geometry.pageSizeBytes;
  }

  /** Pins the host page, which may first need a fault of the host's own. */
  #pin(fault: GuestFault): void {
    const { effects } = this.#vm;
    const slot = slotOf(fault);
    const { backing } = slot;
    const offset = slot.backingOffsetOf(fault.ipa);
    switch (backing.actionFor(offset, fault.write)) {
      case 'none':
        break;
      case 'populate':
        effects.hostPageFaulted();
        this.#zero(slot, offset, fault.write);
        if (!backing.faultsExclude) {
          fault.phase = 'enter-page';
          return;
        }
        backing.populate(offset, fault.write);
        break;
      case 'make-writable':
        effects.hostPageFaulted();
        backing.makeWritable(offset);
        break;
      case 'copy': {
        const pageOffset = alignDown(offset, backing.pageSizeBytes);
        effects.hostPageFaulted();
        effects.hostWrote(backing.physAddress + pageOffset, backing.pageSizeBytes);
        fault.phase = 'start-invalidation';
        return;
      }
    }
    const mapOffset = slot.backingOffsetOf(fault.mapIpa);
    fault.physAddress = backing.physAddressOf(mapOffset);
    // A pin for reading also finds out whether the host may write; while logging, only a write asks for write access.
    fault.writable = backing.isWritable(offset) && (fault.write || !slot.logging);
    effects.hostPagePinned(fault.physAddress, fault.mapBytes);
    fault.phase = 'map';
  }

  #zero(slot: Memslot, offset: number, write: boolean): void {
    const sizeBytes = slot.backing.bytesToZero(offset, write);
    if (sizeBytes === 0) return;
    this.#vm.effects.hostWrote(slot.backing.physAddress + alignDown(offset, sizeBytes), sizeBytes);
  }

  #enterPage(fault: GuestFault): void {
    const slot = slotOf(fault);
    const offset = slot.backingOffsetOf(fault.ipa);
    if (slot.backing.actionFor(offset, fault.write) === 'populate') slot.backing.populate(offset, fault.write);
    this.#pin(fault);
  }

  #enterCopy(fault: GuestFault): void {
    const slot = slotOf(fault);
    const offset = slot.backingOffsetOf(fault.ipa);
    // Another vCPU may have made its copy while this one waited to announce its own.
    if (slot.backing.actionFor(offset, true) !== 'copy') {
      fault.phase = 'end-invalidation';
      return;
    }
    slot.backing.copyZeroPage(offset);
    fault.phase = 'change-pte';
  }

  #map(fault: GuestFault): void {
    const vm = this.#vm;
    if (vm.notifier.mustRetry(fault.notifierSequence)) {
      fault.outcome = 'retried';
      return;
    }
    if (fault.mapBytes === this.#geometry.pageSizeBytes && !fault.forcePages) this.#adjustToHugePage(fault);
    const { table } = vm;
    if (table.kernel.cleanSite === 'abort-handler' && fault.kind !== 'permission' && !table.fwb) {
      table.effects.dcacheClean(fault.physAddress, fault.mapBytes);
    }
    if (fault.execute) table.effects.icacheInvalidate(fault.physAddress, fault.mapBytes);
    this.#protection.write = fault.writable;
    this.#protection.execute = fault.execute;
    const faultBytes = this.#geometry.granuleBytes[fault.level as Level];
    if (fault.kind === 'permission' && fault.mapBytes === faultBytes) this.#relax(fault, this.#protection);
    else this.#install(fault, this.#protection);
  }

  #relax(fault: GuestFault, protection: Protection): void {
    relaxPermissions(this.#vm.table, fault.mapIpa, protection);
    fault.outcome = 'relaxed';
  }

  #install(fault: GuestFault, protection: Protection): void {
    const { mapper } = this.#vm;
    const installedBefore = mapper.installedLeaves;
    const rc = mapper.map(fault.mapIpa, fault.mapBytes, fault.physAddress, protection, fault.cache);
    if (rc !== OK && rc !== EAGAIN) throw new Error(`mapping 0x${fault.mapIpa.toString(16)} failed with errno ${-rc}`);
    fault.outcome = mapper.installedLeaves > installedBefore ? 'mapped' : 'spurious';
  }

  /** Where the host has a huge page, and slot and alignment allow it, the mapping grows to a block. */
  #adjustToHugePage(fault: GuestFault): void {
    const slot = slotOf(fault);
    const { backing } = slot;
    if (backing.kind !== 'thp' || !backing.isBlock(slot.backingOffsetOf(fault.ipa))) return;
    if (!this.#blockFits(slot, fault, backing.blockBytes)) return;
    fault.mapBytes = backing.blockBytes;
    fault.mapIpa = alignDown(fault.ipa, backing.blockBytes);
    fault.physAddress = backing.physAddressOf(slot.backingOffsetOf(fault.mapIpa));
  }

  #finish(fault: GuestFault): void {
    const slot = slotOf(fault);
    if (fault.writable && (fault.outcome === 'mapped' || fault.outcome === 'relaxed')) {
      // Only the page that was asked for: a bitmap bit is a page, whatever the size of the mapping.
      if (slot.logging) slot.dirty.mark(slot.pageOf(fault.ipa));
      this.#vm.effects.dirtyMarked(fault.mapIpa, 1);
    }
    this.#vm.effects.guestEntered();
    fault.phase = 'done';
  }
}

function slotOf(fault: GuestFault): Memslot {
  if (fault.slot === undefined) throw new Error('a fault was run before it was prepared');
  return fault.slot;
}
