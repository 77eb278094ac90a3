/** A virtual machine as KVM sees it: a stage-2 table, memslots, the notifier, and what user space does to them. */
import { writeProtect } from './attributes.ts';
import type { EffectSink } from './effects.ts';
import type { Geometry, Ipa } from './geometry.ts';
import { alignDown } from './geometry.ts';
import type { KernelModel } from './kernel-model.ts';
import { Mapper } from './map.ts';
import { Memslot } from './memslot.ts';
import type { MemslotOptions } from './memslot.ts';
import { MmuNotifier } from './notifier.ts';
import { Stage2Table } from './stage2-table.ts';
import type { Strategy } from './strategy.ts';
import { unmap } from './unmap.ts';

/** Pages of one word of the dirty bitmap: what KVM write-protects in one go. */
const PAGES_PER_WORD = 64;

const READ_ONLY = { read: true, write: false, execute: false, device: false };

/** What a virtual machine is made with. */
export interface VirtualMachineOptions {
  readonly geometry: Geometry;
  readonly kernel: KernelModel;
  readonly strategy: Strategy;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  readonly effects: EffectSink;
}

/**
 * A virtual machine. Its methods are what runs under mmu_lock; who waits for whom is the caller's business.
 */
export class VirtualMachine {
  readonly table: Stage2Table;
  readonly mapper: Mapper;
  readonly notifier = new MmuNotifier();
  readonly #slots: Memslot[] = [];

  constructor(options: VirtualMachineOptions) {
    this.table = new Stage2Table({ ...options, alignsWalks: options.kernel.alignsWalks });
    this.mapper = new Mapper(this.table, options.strategy);
  }

  get effects(): EffectSink {
    return this.table.effects;
  }

  set effects(effects: EffectSink) {
    this.table.effects = effects;
  }

  get slots(): readonly Memslot[] {
    return this.#slots;
  }

  /**
   * Takes over the state of a virtual machine that was made in the same way, with the same slots in the same order.
   * What was built once can so be used for several runs.
   */
  copyFrom(other: VirtualMachine): void {
    this.table.copyFrom(other.table);
    this.notifier.copyFrom(other.notifier);
    for (const [index, slot] of this.#slots.entries()) {
      const from = other.#slots[index];
      if (from === undefined) throw new Error('a virtual machine was copied from one with fewer slots');
      slot.copyFrom(from);
    }
  }

  addSlot(options: MemslotOptions): Memslot {
    const slot = new Memslot(options);
    this.#slots.push(slot);
    return slot;
  }

  /** The memslot that an address lies in, or `undefined`: MMIO. */
  slotAt(address: Ipa): Memslot | undefined {
    for (const slot of this.#slots) if (slot.contains(address)) return slot;
    return undefined;
  }

  /** Sets KVM_MEM_LOG_DIRTY_PAGES: write-protects the slot and flushes the VMID. Clearing it touches no entry. */
  setLogging(slot: Memslot, on: boolean): void {
    if (slot.logging === on) return;
    slot.logging = on;
    if (!on) return;
    slot.dirty.clear();
    writeProtect(this.table, slot.baseIpa, slot.sizeBytes);
    this.effects.tlbiVmid();
  }

  /**
   * Reads and clears the dirty bitmap (KVM_GET_DIRTY_LOG): what was dirty is write-protected word by word, and the
   * VMID flushed once if anything was.
   *
   * @returns pages that were dirty
   */
  collectDirtyLog(slot: Memslot): number {
    const { pageSizeBytes } = slot.backing;
    let dirtyPages = 0;
    slot.dirty.forEachRun((firstPage, pages) => {
      dirtyPages += pages;
      for (let page = firstPage; page < firstPage + pages;) {
        const wordEnd = alignDown(page, PAGES_PER_WORD) + PAGES_PER_WORD;
        const end = Math.min(firstPage + pages, wordEnd);
        writeProtect(this.table, slot.baseIpa + page * pageSizeBytes, (end - page) * pageSizeBytes);
        page = end;
      }
    });
    slot.dirty.clear();
    if (dirtyPages > 0) this.effects.tlbiVmid();
    return dirtyPages;
  }

  /** User space moves a slot: what it mapped is unmapped, nothing is mapped in its place. */
  moveSlot(slot: Memslot, baseIpa: Ipa): void {
    unmap(this.table, slot.baseIpa, slot.sizeBytes);
    slot.baseIpa = baseIpa;
  }

  deleteSlot(slot: Memslot): void {
    unmap(this.table, slot.baseIpa, slot.sizeBytes);
    this.#slots.splice(this.#slots.indexOf(slot), 1);
  }

  /** The host begins to take a range of a slot's backing away: what the guest maps of it is unmapped. */
  notifierStart(slot: Memslot, backingOffset: number, sizeBytes: number): void {
    this.notifier.start();
    const from = Math.max(backingOffset, slot.backingOffsetBytes);
    const end = Math.min(backingOffset + sizeBytes, slot.backingOffsetBytes + slot.sizeBytes);
    if (from < end) unmap(this.table, slot.baseIpa + from - slot.backingOffsetBytes, end - from);
  }

  /**
   * The host has put another page in the place of one (`kvm_set_spte_hva` of v5.11): it is mapped read-only where the
   * table for it stands. There is no memory cache to take a table page from; failing is allowed.
   */
  notifierChangePte(slot: Memslot, backingOffset: number): void {
    const { pageSizeBytes } = slot.backing;
    const offset = alignDown(backingOffset, pageSizeBytes);
    const address = slot.baseIpa + offset - slot.backingOffsetBytes;
    const physAddress = slot.backing.physAddressOf(offset);
    const { kernel, fwb } = this.table;
    if (kernel.cleanSite === 'abort-handler' && !fwb) this.effects.dcacheClean(physAddress, pageSizeBytes);
    this.mapper.map(address, pageSizeBytes, physAddress, READ_ONLY, null);
  }

  notifierEnd(): void {
    this.notifier.end();
  }
}
