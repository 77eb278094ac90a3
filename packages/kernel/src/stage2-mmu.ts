/** What mmu_lock protects of one virtual machine, and what it is asked: its stage-2 table, memslots and notifier. */
import type { BeforeLock, LogHooks, Strategy } from '@s2bench/core';
import type { EffectSink, Geometry, Ipa, Stage2Table } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';
import type { KernelModel } from './kernel-model.ts';
import { MemoryCache } from './memory-cache.ts';
import type { MemslotOptions } from './memslot.ts';
import { Memslot } from './memslot.ts';
import { MmuNotifier } from './notifier.ts';
import type { TableMaking } from './code-of.ts';
import { pageTableCode, stage2TableOf } from './code-of.ts';
import type { PageTableCode } from './page-table-code.ts';

const READ_ONLY = { read: true, write: false, execute: false, device: false };

/** The host's own maps hold the lock alone, and handle no fault. */
const HOST_WALK = { shared: false, fault: false, pagesOnly: false };

/** What user space has asked of the dirty log, once for the virtual machine. */
export interface DirtyLogSettings {
  /** KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: GET tells, CLEAR protects. */
  readonly manualProtect: boolean;
  /** KVM_DIRTY_LOG_INITIALLY_SET: all pages are dirty at first, and CLEAR protects and splits what was to be. */
  readonly initiallySet: boolean;
  /** KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE in bytes; 0: blocks are split by faults alone. */
  readonly splitChunkBytes: number;
}

const NO_SETTINGS: DirtyLogSettings = { manualProtect: false, initiallySet: false, splitChunkBytes: 0 };

/** What an MMU is made with. */
export interface Stage2MmuOptions extends TableMaking {
  readonly geometry: Geometry;
  readonly kernel: KernelModel;
  readonly strategy: Strategy;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** FEAT_TLBIRANGE; left out: no. */
  readonly tlbRange?: boolean;
  /** Left out: GET tells and protects, nothing is split eagerly. */
  readonly dirtyLog?: DirtyLogSettings;
  readonly effects: EffectSink;
}

/** The stage-2 MMU of a virtual machine, as KVM keeps it. Tasks work on it; it knows none of them. */
export class Stage2Mmu {
  readonly kernel: KernelModel;
  readonly table: Stage2Table;
  readonly code: PageTableCode;
  /** What the strategy does where logging changes. */
  readonly hooks: LogHooks;
  /** What the strategy does in a fault that asks for a block before mmu_lock is taken; `undefined` where it does nothing. */
  readonly beforeLock: BeforeLock | undefined;
  readonly notifier = new MmuNotifier();
  readonly dirtyLog: DirtyLogSettings;
  /** The virtual machine's own cache of table pages for eager splits (`split_page_cache`). */
  readonly splitCache = new MemoryCache(0);
  /**
   * Of the tables that were unlinked and have waited longest, how many a fault may free. A driver whose walks overlap says
   * for how many of them a grace period has ended; where they do not, no walk is left to wait for.
   */
  freeableTables = Infinity;
  readonly #slots: Memslot[] = [];

  constructor(options: Stage2MmuOptions) {
    this.kernel = options.kernel;
    this.dirtyLog = options.dirtyLog ?? NO_SETTINGS;
    this.hooks = options.strategy;
    this.beforeLock = options.strategy.beforeLock?.bind(options.strategy);
    this.table = stage2TableOf(options.kernel, options);
    this.code = pageTableCode(this.table, options.kernel, options.strategy);
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
  copyFrom(other: Stage2Mmu): void {
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

  /** Takes a slot out of the list, and nothing else: see the task `delete-slot`. */
  removeSlot(slot: Memslot): void {
    this.#slots.splice(this.#slots.indexOf(slot), 1);
  }

  /** The memslot that an address lies in, or `undefined`: MMIO. */
  slotAt(address: Ipa): Memslot | undefined {
    for (const slot of this.#slots) if (slot.contains(address)) return slot;
    return undefined;
  }

  /** Under the lock: the host begins to take a range of a slot's backing away, and what the guest maps of it is unmapped. */
  notifierStart(slot: Memslot, backingOffset: number, sizeBytes: number): void {
    this.notifier.start();
    const from = Math.max(backingOffset, slot.backingOffsetBytes);
    const end = Math.min(backingOffset + sizeBytes, slot.backingOffsetBytes + slot.sizeBytes);
    if (from < end) this.unmap(slot.baseIpa + from - slot.backingOffsetBytes, end - from);
  }

  /** Under the lock: unmaps a range of the guest's addresses. */
  unmap(ipa: Ipa, sizeBytes: number): void {
    this.code.unmap(ipa, sizeBytes);
  }

  /**
   * Under the lock: the host has put another page in the place of one (`kvm_set_spte_hva` of v5.11), and it is mapped
   * read-only where the table for it stands. There is no memory cache to take a table page from; failing is allowed.
   */
  notifierChangePte(slot: Memslot, backingOffset: number): void {
    const { pageSizeBytes } = slot.backing;
    const offset = alignDown(backingOffset, pageSizeBytes);
    const address = slot.baseIpa + offset - slot.backingOffsetBytes;
    const physAddress = slot.backing.physAddressOf(offset);
    if (this.kernel.mapsChangedPages && this.kernel.cleanSite === 'abort-handler' && !this.table.fwb) {
      this.effects.dcacheClean(physAddress, pageSizeBytes);
    }
    if (!this.kernel.mapsChangedPages) return;
    this.code.map(address, pageSizeBytes, physAddress, READ_ONLY, null, HOST_WALK);
  }
}
