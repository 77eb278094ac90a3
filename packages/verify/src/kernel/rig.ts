/** One virtual machine, made of the core's own parts, on which an operation is run for real. */
import type { Geometry, Stage2Options, Stage2Table } from '@s2bench/core/stage2';
import type { HostRequest, HostTask, KernelFlaw, KernelModel, Memslot } from '@s2bench/kernel';
import { kernelModelOf, mendedModel, runSection, VirtualMachine } from '@s2bench/kernel';
import type { Subject } from '../subject.ts';
import { strategyOf } from '../subject.ts';
import type { World } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import type { BackingState } from './backing-state.ts';
import { backingIn } from './backing-state.ts';
import type { FaultRecord } from './fault-record.ts';
import { faultFrom, recordOf } from './fault-record.ts';
import { refuseUnknown } from './lock-rules.ts';
import type { Operation } from './operation.ts';
import { phaseOf, requestOf } from './operation.ts';
import { SectionRecorder } from './section-recorder.ts';

/** The kernel model in which strategies are verified where none is named: the thread's "before". */
export const VERIFIED_KERNEL = 'v5.12p1';

/** What machines of one exploration have in common. */
export interface RigOptions {
  readonly subject: Subject;
  readonly world: World;
  readonly geometry: Geometry;
  readonly fwb: boolean;
  /** Known mistakes of the kernel model that it keeps. Left out: `KEPT_FLAWS`, which hide nothing. */
  readonly flaws?: readonly KernelFlaw[];
  /** Kernel model, options after a `?`; left out: {@link VERIFIED_KERNEL}. */
  readonly kernel?: string | undefined;
  /** Sections that share mmu_lock are interleaved. Left out: they are refused. */
  readonly interleaves?: boolean;
}

/** Parts of a machine of which every access to the table is known. */
export interface SteppedParts {
  readonly recorder: SectionRecorder;
  readonly makeTable: (options: Stage2Options) => Stage2Table;
}

/** A machine and who listens to it. */
export class Rig {
  readonly recorder: SectionRecorder;
  readonly vm: VirtualMachine;
  readonly slot: Memslot;
  /** Invalidations of the notifier in progress. */
  invalidations = 0;
  /** The operation that ran last has left the lock taken. */
  lockKept = false;
  /** What ran last was a chunk of a hook's phase, and another follows. */
  goesOn = false;
  readonly #world: World;
  readonly #strategy: string;

  /** @param stepped - left out: effects are recorded as the operation runs */
  constructor(options: RigOptions, backing: BackingState, baseIpa: number, logging: boolean, stepped?: SteppedParts) {
    this.recorder = stepped?.recorder ?? new SectionRecorder();
    const { world, subject } = options;
    this.#world = world;
    this.#strategy = subject.strategy.name;
    const { phases } = subject;
    const kernel = modelOf(options);
    this.vm = new VirtualMachine({
      geometry: options.geometry,
      kernel,
      strategy: strategyOf(subject, this.recorder.raw),
      fwb: options.fwb,
      effects: this.recorder,
      // Without FEAT_TLBIRANGE a flush by range is one of the VMID, which covers more.
      tlbRange: true,
      ...(stepped && { makeTable: stepped.makeTable }),
      ...(phases !== undefined && { phases: (vm) => phases(vm, this.recorder.raw) }),
    });
    this.slot = this.vm.addSlot({
      baseIpa,
      sizeBytes: world.slot.pages * PAGE_BYTES,
      backing: backingIn(world.slot, backing),
      backingOffsetBytes: 0,
      logging,
    });
    this.recorder.attach(this.vm.table);
  }

  /** Brings the host's page table into a state. */
  mapHost(backing: BackingState): void {
    this.slot.backing.copyFrom(backingIn(this.#world.slot, backing));
  }

  /** Runs one lock section. Gives what became of the fault, where it was a fault's. */
  run(operation: Operation): FaultRecord | undefined {
    this.lockKept = false;
    this.goesOn = false;
    if (operation.do === 'fault') return this.#runFault(operation.fault, operation.stale);
    if (operation.do === 'notifier-start') this.invalidations++;
    if (operation.do === 'notifier-end') this.invalidations--;
    if (operation.do === 'collect') this.#markDirty(operation.dirtyPages);
    const { phase } = phaseOf(operation);
    const isHook = operation.do === 'hook';
    const task = this.#runHost(requestOf(operation, this.slot), phase, isHook ? operation.doneChunks : 0);
    this.goesOn = isHook && task.phase?.name === phase;
    return undefined;
  }

  /** Runs a phase of a fault that needs no lock. `undefined` where no memslot is there: user space emulates a device. */
  runUnlocked(record: FaultRecord): FaultRecord | undefined {
    const slot = this.vm.slotAt(record.ipa);
    if (record.phase === 'prepare' && slot === undefined) return undefined;
    const fault = faultFrom(record, this.vm, slot ?? this.slot, this.vm.notifier.sequence);
    runSection(fault, this.vm.origin);
    refuseUnknown(fault.phase, this.vm.phases.fault, { strategy: this.#strategy, task: 'fault' });
    return recordOf(fault);
  }

  /** Runs a phase of one of the host's tasks that needs no lock, with pages marked dirty. */
  runHostUnlocked(request: HostRequest, phase: string, dirtyPages: number): void {
    this.#markDirty(dirtyPages);
    this.#runHost(request, phase);
  }

  #runHost(request: HostRequest, phase: string, doneChunks = 0): HostTask {
    const task = this.vm.begin(request);
    task.doneChunks = doneChunks;
    task.phase = this.vm.phases.host[request.do][phase];
    runSection(task, this.vm.origin);
    refuseUnknown(task.phase, this.vm.phases.host[request.do], { strategy: this.#strategy, task: request.do });
    this.lockKept = task.keepsLock;
    return task;
  }

  #markDirty(pages: number): void {
    for (let page = 0; page < this.slot.sizeBytes / PAGE_BYTES; page++) {
      if (((pages >>> page) & 1) !== 0) this.slot.dirty.mark(page);
    }
  }

  #runFault(record: FaultRecord, stale: boolean): FaultRecord {
    const { sequence } = this.vm.notifier;
    const fault = faultFrom(record, this.vm, this.slot, stale ? sequence - 1 : sequence);
    if (record.phase === 'start-invalidation') this.invalidations++;
    if (record.phase === 'end-invalidation') this.invalidations--;
    runSection(fault, this.vm.origin);
    refuseUnknown(fault.phase, this.vm.phases.fault, { strategy: this.#strategy, task: 'fault' });
    this.lockKept = fault.keepsLock;
    return recordOf(fault);
  }
}

const models = new WeakMap<RigOptions, KernelModel>();

/** The kernel model of an exploration, which makes thousands of machines. */
function modelOf(options: RigOptions): KernelModel {
  let model = models.get(options);
  if (model === undefined) {
    model = mendedModel(kernelModelOf(options.kernel ?? VERIFIED_KERNEL), options.flaws);
    models.set(options, model);
  }
  return model;
}
