/** The host: its user space and its memory management, one phase after the other. */
import { uint32At } from '@s2bench/core/stage2';
import { hasCleaned, HOOK_PREFIX, type PhaseHead } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';
import type { Passage } from '../hardware/timeline.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { HostTaskAt } from '../kernel/kernel.ts';
import type { HostOperation, Operation } from '../kernel/operation.ts';
import { sectionName } from '../kernel/operation.ts';
import type { HostStep } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import type { GuestPages } from './guest-pages.ts';
import type { Layout } from './layout.ts';
import {
  BACKING,
  COMMON,
  DIRTY,
  FAULT,
  FIRST_VCPU,
  get,
  HOST_CHUNKS,
  HOST_PHASE,
  HOST_POSITION,
  LOGGING,
  MOMENT,
  OLD_SLOT,
  POSITION,
  set,
  WATCHED,
  WRITTEN,
} from './layout.ts';
import type { Model, NumberedHostStep } from './model.ts';

/** What the host does next: nothing now, a step that was made in the state, or an operation under the lock. */
export type HostWish = 'nothing' | 'step' | HostOperation;

type WithoutPhase<T> = T extends unknown ? Omit<T, 'phase'> : never;
/** A task of the kernel, as a value. */
type HostTask = WithoutPhase<HostTaskAt>;

/** A step of the program that is a task of the kernel. */
interface PlannedTask {
  readonly task: HostTask;
  readonly phases: readonly PhaseHead[];
}

/**
 * Runs the host's program. It is asked in every state, and what it answers depends on little of a state: each answer is
 * made once and kept under a number.
 */
export class HostSteps {
  protected readonly model: Model;
  protected readonly layout: Layout;
  protected readonly pages: GuestPages;
  readonly #steps: readonly HostStep[];
  readonly #planned: readonly (PlannedTask | undefined)[];
  readonly #unlockedSteps = new Map<number, NumberedHostStep>();
  readonly #sections = new Map<number, HostOperation>();

  constructor(model: Model, layout: Layout, pages: GuestPages, steps: readonly HostStep[]) {
    this.model = model;
    this.layout = layout;
    this.pages = pages;
    this.#steps = steps;
    this.#planned = steps.map((step) => {
      if (step.do === 'await' || step.do === 'write') return undefined;
      const task = taskOf(step);
      return { task, phases: model.phasesOf(task.task) };
    });
  }

  /** What the host wants; a step without the lock is made in `next`. */
  run(next: Uint32Array, holder: number): HostWish {
    const step = this.#step(next);
    if (step === undefined) return 'nothing';
    switch (step.do) {
      case 'await':
        return get(next, FIRST_VCPU + step.vcpu, POSITION) >= step.steps ? this.#done(next) : 'nothing';
      case 'write':
        set(next, COMMON, BACKING, this.model.stored(get(next, COMMON, BACKING), step.page));
        this.pages.hostWrites(next, step.page, this.isMapping(next, step.page));
        return this.#done(next);
      default:
        return this.#runTask(next, holder !== 0);
    }
  }

  /** Goes on with a task of the kernel: waits as its phase says, asks for the lock, or does what needs none. */
  #runTask(next: Uint32Array, locked: boolean): HostWish {
    const { task, phases } = this.#plannedAt(next);
    const head = phases[get(next, COMMON, HOST_PHASE)];
    if (head === undefined) throw new VerifyError(`the task ${task.task} has fewer phases than the explorer has run`);
    if (head.waits === 'old-slot' && this.#anyFault(next, OLD_SLOT)) return 'nothing';
    if (head.waits === 'slot' && this.#anyFault(next, FAULT)) return 'nothing';
    if (head.lock === 'none') return this.#unlocked(next, task, head.name);
    return locked ? 'nothing' : this.#section(next, task, head.name);
  }

  /** The lock section that a phase begins. Only one that collects the dirty log depends on more than the place in the program. */
  #section(next: Uint32Array, task: HostTask, phase: string): HostOperation {
    const marked = task.task === 'collect-log' ? this.layout.pageMask(next, DIRTY) >>> 0 : 0;
    const key = (marked * PLACES + placeOf(next)) * (HOST_CHUNKS.most + 1) + get(next, COMMON, HOST_CHUNKS);
    const known = this.#sections.get(key);
    if (known !== undefined) return known;
    const section = this.#makeSection(next, task, phase);
    this.#sections.set(key, section);
    return section;
  }

  #makeSection(next: Uint32Array, task: HostTask, phase: string): HostOperation {
    if (phase.startsWith(HOOK_PREFIX) && (task.task === 'log-on' || task.task === 'log-off'))
      return { do: 'hook', task: task.task, phase, doneChunks: get(next, COMMON, HOST_CHUNKS) };
    const name = sectionName(task.task, phase);
    switch (name) {
      case 'notifier-start': {
        const { offset, sizeBytes } = takenBy(task, this.model.options.world.slot.blockPages * PAGE_BYTES);
        return { do: name, offset, sizeBytes };
      }
      case 'collect':
        return { do: name, dirtyPages: this.layout.pageMask(next, DIRTY) };
      case 'move':
        if (task.task === 'move-slot') return { do: name, baseIpa: task.toIpa };
        break;
      case 'notifier-end':
      case 'write-protect':
      case 'split':
      case 'delete-slot':
        return { do: name };
      default:
    }
    throw new VerifyError(`the explorer does not know the phase ${phase} of ${task.task}`);
  }

  /** A phase without the lock, and what it changes beside the table. */
  #unlocked(next: Uint32Array, task: HostTask, phase: string): 'step' {
    const after = this.#unlockedAt(next, task, phase);
    set(next, COMMON, BACKING, after.backing);
    set(next, COMMON, LOGGING, after.logging ? 1 : 0);
    this.layout.setPages(next, ~after.dirtyPages, DIRTY, 0);
    for (let page = 0; page < this.layout.pages; page++) {
      if (((after.written >>> page) & 1) !== 0) this.pages.hostWrites(next, page, false);
    }
    if (phase === 'switch') this.#slotReplaced(next, after.logging);
    return this.#phaseEnded(next);
  }

  #unlockedAt(next: Uint32Array, task: HostTask, phase: string): NumberedHostStep {
    const logging = get(next, COMMON, LOGGING);
    const backing = get(next, COMMON, BACKING);
    const { baseIpa } = this.model.restAt(uint32At(next, MOMENT)).state;
    const key = (((baseIpa / PAGE_BYTES) * (BACKING.most + 1) + backing) * 2 + logging) * PLACES + placeOf(next);
    let known = this.#unlockedSteps.get(key);
    if (known === undefined) {
      known = this.model.unlockedHost({ ...task, phase }, backing, baseIpa, logging === 1);
      this.#unlockedSteps.set(key, known);
    }
    return known;
  }

  /** Faults that looked the old memslot up are known by a mark; while nothing is logged, nothing is watched. */
  #slotReplaced(next: Uint32Array, logging: boolean): void {
    if (!logging) {
      set(next, COMMON, WATCHED, 0);
      this.layout.setPages(next, ~0, WRITTEN, 0);
    }
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      const word = FIRST_VCPU + vcpu;
      if (get(next, word, FAULT) !== 0) set(next, word, OLD_SLOT, 1);
    }
  }

  /** The lock was taken for what the host wanted. */
  lockTaken(next: Uint32Array): void {
    // The bitmap is fetched and cleared in one go: a mark that comes later is for the next reader.
    if (this.#step(next)?.do === 'collect') this.layout.setPages(next, ~0, DIRTY, 0);
  }

  /** The host's lock section has returned. */
  returned(next: Uint32Array, operation: Operation, goesOn = false): void {
    if (goesOn) {
      const chunks = get(next, COMMON, HOST_CHUNKS) + 1;
      if (chunks > HOST_CHUNKS.most)
        throw new VerifyError(`a hook has more than ${HOST_CHUNKS.most} chunks in a world`);
      set(next, COMMON, HOST_CHUNKS, chunks);
      return;
    }
    if (operation.do === 'write-protect') {
      // Whoever switches logging on sends all of memory first.
      this.layout.setPages(next, ~0, WRITTEN, 0);
      set(next, COMMON, WATCHED, 1);
    }
    if (operation.do === 'collect') this.layout.setPages(next, operation.dirtyPages, WRITTEN, 0);
    this.#phaseEnded(next);
  }

  /** Pages of the slot's memory that a passage took from the guest on the host's behalf. */
  takenAway({ section, first, to }: Passage): number {
    const { operation } = section;
    const { reachable } = this.model.timeline.moments;
    switch (operation.do) {
      case 'notifier-start':
        return this.model.views.hostPages(PHYS_BASE + operation.offset, operation.sizeBytes);
      case 'move':
      case 'delete-slot':
        return ~0;
      case 'fault':
        return operation.fault.phase === 'start-invalidation' ? reachable.at(first) & ~reachable.at(to.moment) : 0;
      default:
        return 0;
    }
  }

  /** Whether the host is about to move the slot, or to delete it. */
  isMove(state: Uint32Array): boolean {
    const step = this.#step(state)?.do;
    return step === 'move' || step === 'delete-slot';
  }

  /** Whether a lock section is under way that maps a page of the slot's memory, or a fault has cleaned it before such a section. */
  isMapping(state: Uint32Array, page: number): boolean {
    if (this.model.options.subject.strategy.beforeLock !== undefined && this.#isCleaned(state, page)) return true;
    const passage = this.model.timeline.moments.passage.at(uint32At(state, MOMENT));
    return passage >= 0 && ((this.model.passage(passage).maps >>> page) & 1) !== 0;
  }

  /** Whether a fault has cleaned a page, and has not yet taken the lock to map it: a store to it from now on races with the fault. */
  #isCleaned(state: Uint32Array, page: number): boolean {
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) {
      const id = get(state, FIRST_VCPU + vcpu, FAULT);
      if (id === 0) continue;
      const fault = this.model.fault(id);
      if (!hasCleaned(fault)) continue;
      if (((this.model.views.hostPages(fault.physAddress, fault.mapBytes) >>> page) & 1) !== 0) return true;
    }
    return false;
  }

  #plannedAt(state: Uint32Array): PlannedTask {
    const planned = this.#planned[get(state, COMMON, HOST_POSITION)];
    if (planned === undefined) throw new VerifyError('the step of the host is no task of the kernel');
    return planned;
  }

  #anyFault(state: Uint32Array, field: typeof FAULT): boolean {
    for (let vcpu = 0; vcpu < this.layout.vcpus; vcpu++) if (get(state, FIRST_VCPU + vcpu, field) !== 0) return true;
    return false;
  }

  #step(state: Uint32Array): HostStep | undefined {
    return this.#steps[get(state, COMMON, HOST_POSITION)];
  }

  /** The phase of the task has ended: the next one follows, or the next step. */
  #phaseEnded(next: Uint32Array): 'step' {
    const step = this.#step(next);
    if (step === undefined || step.do === 'await' || step.do === 'write') return this.#done(next);
    set(next, COMMON, HOST_CHUNKS, 0);
    const phase = get(next, COMMON, HOST_PHASE) + 1;
    if (phase === this.#plannedAt(next).phases.length) return this.#done(next);
    set(next, COMMON, HOST_PHASE, phase);
    return 'step';
  }

  #done(next: Uint32Array): 'step' {
    set(next, COMMON, HOST_POSITION, get(next, COMMON, HOST_POSITION) + 1);
    set(next, COMMON, HOST_PHASE, 0);
    return 'step';
  }
}

/** The range of the backing that a task takes from the guest. */
function takenBy(task: HostTask, blockBytes: number): { readonly offset: number; readonly sizeBytes: number } {
  if (task.task === 'invalidate') return task;
  if (task.task === 'collapse') return { offset: task.offset, sizeBytes: blockBytes };
  throw new VerifyError(`the task ${task.task} takes no range of the backing`);
}

/** Places in the host's program: which step, and which phase of it. */
const PLACES = (HOST_POSITION.most + 1) * (HOST_PHASE.most + 1);

function placeOf(state: Uint32Array): number {
  return get(state, COMMON, HOST_POSITION) * (HOST_PHASE.most + 1) + get(state, COMMON, HOST_PHASE);
}

/** The task of the kernel that a step of a world is. */
function taskOf(step: Exclude<HostStep, { readonly do: 'await' | 'write' }>): HostTask {
  switch (step.do) {
    case 'logging':
      return { task: step.on ? 'log-on' : 'log-off' };
    case 'collect':
      return { task: 'collect-log' };
    case 'unmap':
      return { task: 'invalidate', offset: step.firstPage * PAGE_BYTES, sizeBytes: step.pages * PAGE_BYTES };
    case 'collapse':
      return { task: 'collapse', offset: step.page * PAGE_BYTES };
    case 'delete-slot':
      return { task: 'delete-slot' };
    case 'move':
      return { task: 'move-slot', toIpa: step.toPage * PAGE_BYTES };
  }
}
