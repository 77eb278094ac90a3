/** One virtual machine, made of the core's own parts, on which an operation is run for real. */
import type { Geometry, Memslot, VirtualMachine } from '@s2bench/core';
import { kernelModelOf } from '@s2bench/core';
import type { FaultRunner, Subject } from '../subject.ts';
import { handlerOf, machineOf, strategyOf } from '../subject.ts';
import type { World } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import type { BackingState } from './backing-state.ts';
import { backingIn } from './backing-state.ts';
import type { FaultRecord } from './fault-record.ts';
import { faultFrom, recordOf } from './fault-record.ts';
import type { Operation } from './operation.ts';
import { SectionRecorder } from './section-recorder.ts';

/** The kernel model in which strategies are verified: the thread's "before". */
export const VERIFIED_KERNEL = 'v5.12p1';

/** What machines of one exploration have in common. */
export interface RigOptions {
  readonly subject: Subject;
  readonly world: World;
  readonly geometry: Geometry;
  readonly fwb: boolean;
}

/** A machine and who listens to it. */
export class Rig {
  readonly recorder = new SectionRecorder();
  readonly vm: VirtualMachine;
  readonly slot: Memslot;
  /** Invalidations of the notifier in progress. */
  invalidations = 0;
  /** The operation that ran last has left the lock taken. */
  lockKept = false;
  readonly #world: World;
  readonly #handler: FaultRunner;

  constructor(options: RigOptions, backing: BackingState, baseIpa: number, logging: boolean) {
    const { world, subject } = options;
    this.#world = world;
    this.vm = machineOf(subject, {
      geometry: options.geometry,
      kernel: kernelModelOf(VERIFIED_KERNEL),
      strategy: strategyOf(subject, this.recorder.raw),
      fwb: options.fwb,
      effects: this.recorder,
    });
    this.slot = this.vm.addSlot({
      baseIpa,
      sizeBytes: world.slot.pages * PAGE_BYTES,
      backing: backingIn(world.slot, backing),
      backingOffsetBytes: 0,
      logging,
    });
    this.#handler = handlerOf(subject, this.vm, this.recorder.raw);
    this.recorder.attach(this.vm.table);
  }

  /** Brings the host's page table into a state. */
  mapHost(backing: BackingState): void {
    this.slot.backing.copyFrom(backingIn(this.#world.slot, backing));
  }

  /** Runs one lock section. Gives what became of the fault, where it was a fault's. */
  run(operation: Operation): FaultRecord | undefined {
    const { vm, slot } = this;
    this.lockKept = false;
    switch (operation.do) {
      case 'fault':
        return this.#runFault(operation.fault, operation.stale);
      case 'notifier-start':
        this.invalidations++;
        vm.notifierStart(slot, operation.offset, operation.sizeBytes);
        return undefined;
      case 'notifier-end':
        this.invalidations--;
        vm.notifierEnd();
        return undefined;
      case 'write-protect':
        slot.logging = false;
        vm.setLogging(slot, true);
        return undefined;
      case 'collect':
        for (let page = 0; page < this.slot.sizeBytes / PAGE_BYTES; page++) {
          if (((operation.dirtyPages >>> page) & 1) !== 0) slot.dirty.mark(page);
        }
        vm.collectDirtyLog(slot);
        return undefined;
      case 'move':
        vm.moveSlot(slot, operation.baseIpa);
        return undefined;
    }
  }

  /** Runs a phase of a fault that needs no lock. `undefined` where no memslot is there: user space emulates a device. */
  runUnlocked(record: FaultRecord): FaultRecord | undefined {
    const slot = this.vm.slotAt(record.ipa);
    if (record.phase === 'prepare' && slot === undefined) return undefined;
    const fault = faultFrom(record, slot ?? this.slot, this.vm.notifier.sequence);
    this.#handler.note = record.note;
    this.#handler.runUnlocked(fault);
    return recordOf(fault, this.#handler.note);
  }

  #runFault(record: FaultRecord, stale: boolean): FaultRecord {
    const { sequence } = this.vm.notifier;
    const fault = faultFrom(record, this.slot, stale ? sequence - 1 : sequence);
    if (record.phase === 'start-invalidation') this.invalidations++;
    if (record.phase === 'end-invalidation') this.invalidations--;
    this.#handler.note = record.note;
    this.lockKept = this.#handler.runLocked(fault) === 'keeps-lock';
    return recordOf(fault, this.#handler.note);
  }
}
