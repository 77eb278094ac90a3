/** A virtual machine as KVM sees it: a stage-2 table, memslots, the notifier, and the tasks that work on them. */
import type { Strategy } from '@s2bench/core';
import type { EffectSink, FaultKind, Geometry, Ipa, Origin } from '@s2bench/core/stage2';
import { alignDown, Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from './kernel-model.ts';
import type { MemslotOptions } from './memslot.ts';
import { Memslot } from './memslot.ts';
import { MmuNotifier } from './notifier.ts';
import { FaultPhases } from './tasks/fault.ts';
import type { GuestFault } from './tasks/guest-fault.ts';
import type { HostRequest, HostTaskName } from './tasks/host.ts';
import { HostPhases, HostTask } from './tasks/host.ts';
import type { Phase, PhaseOverride } from './tasks/task.ts';
import { overridePhases } from './tasks/task.ts';
import { Mapper } from './v5/map.ts';
import { unmap } from './v5/unmap.ts';

const READ_ONLY = { read: true, write: false, execute: false, device: false };

/** What stands in for phases of a machine's tasks, by task and name. */
export type PhaseOverrides = {
  readonly fault?: Readonly<Record<string, PhaseOverride<GuestFault>>>;
} & { readonly [Name in HostTaskName]?: Readonly<Record<string, PhaseOverride<HostTask>>> };

/** What a virtual machine is made with. */
export interface VirtualMachineOptions {
  readonly geometry: Geometry;
  readonly kernel: KernelModel;
  readonly strategy: Strategy;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  readonly effects: EffectSink;
  /** Phases that are not the stock ones: for machines that are broken, or changed, on purpose. */
  readonly phases?: (vm: VirtualMachine) => PhaseOverrides;
}

/**
 * A virtual machine. What happens to it are tasks: guests' faults ({@link raise}) and what the host asks for
 * ({@link begin}). Who runs them, when, and who waits for whom is a driver's business.
 */
export class VirtualMachine {
  readonly kernel: KernelModel;
  readonly table: Stage2Table;
  readonly mapper: Mapper;
  readonly notifier = new MmuNotifier();
  /** The phases of each task by name. */
  readonly phases: {
    readonly fault: FaultPhases['byName'];
    readonly host: HostPhases['byName'];
  };
  /** Who acts: drivers say so, whoever listens to the effects may ask. */
  readonly origin: Origin = { agent: 0, task: '', phase: '' };
  readonly #slots: Memslot[] = [];

  constructor(options: VirtualMachineOptions) {
    this.kernel = options.kernel;
    this.table = new Stage2Table({ ...options, alignsWalks: options.kernel.alignsWalks });
    this.mapper = new Mapper(this.table, options.kernel, options.strategy);
    this.phases = { fault: new FaultPhases(this).byName, host: new HostPhases(this).byName };
    const { fault, ...host } = options.phases?.(this) ?? {};
    if (fault !== undefined) overridePhases(this.phases.fault, fault);
    for (const [task, overrides] of Object.entries(host))
      overridePhases(this.phases.host[task as HostTaskName], overrides);
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

  /** Takes a slot out of the list, and nothing else: see the task `delete-slot`. */
  removeSlot(slot: Memslot): void {
    this.#slots.splice(this.#slots.indexOf(slot), 1);
  }

  /** The memslot that an address lies in, or `undefined`: MMIO. */
  slotAt(address: Ipa): Memslot | undefined {
    for (const slot of this.#slots) if (slot.contains(address)) return slot;
    return undefined;
  }

  /** Begins a task of the host. */
  begin(request: HostRequest): HostTask {
    const [first] = Object.values(this.phases.host[request.do]);
    return new HostTask(request, first as Phase<HostTask>);
  }

  /** A guest access has aborted: the fault begins anew. */
  raise(fault: GuestFault, ipa: Ipa, write: boolean, execute: boolean, kind: FaultKind, level: number): void {
    fault.raise(this.phases.fault.prepare, ipa, write, execute, kind, level);
  }

  /** Under the lock: the host begins to take a range of a slot's backing away, and what the guest maps of it is unmapped. */
  notifierStart(slot: Memslot, backingOffset: number, sizeBytes: number): void {
    this.notifier.start();
    const from = Math.max(backingOffset, slot.backingOffsetBytes);
    const end = Math.min(backingOffset + sizeBytes, slot.backingOffsetBytes + slot.sizeBytes);
    if (from < end) unmap(this.table, slot.baseIpa + from - slot.backingOffsetBytes, end - from);
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
    if (this.kernel.cleanSite === 'abort-handler' && !this.table.fwb) {
      this.effects.dcacheClean(physAddress, pageSizeBytes);
    }
    this.mapper.map(address, pageSizeBytes, physAddress, READ_ONLY, null);
  }
}
