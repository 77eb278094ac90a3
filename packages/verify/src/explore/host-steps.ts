/** The host: its user space and its memory management, one phase after the other. */
import { VerifyError } from '../errors.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Passage } from '../hardware/timeline.ts';
import type { HostStep } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import { uint32At } from '../typed-array.ts';
import type { GuestPages } from './guest-pages.ts';
import {
  BACKING,
  COMMON,
  DIRTY,
  FAULT,
  FIRST_VCPU,
  get,
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
import type { Layout } from './layout.ts';
import type { Model } from './model.ts';

/** What the host does next: nothing now, a step that was made in the state, or an operation under the lock. */
export type HostWish = 'nothing' | 'step' | Operation;

/** Runs the host's program. */
export class HostSteps {
  readonly #model: Model;
  readonly #layout: Layout;
  readonly #pages: GuestPages;
  readonly #steps: readonly HostStep[];

  constructor(model: Model, layout: Layout, pages: GuestPages, steps: readonly HostStep[]) {
    this.#model = model;
    this.#layout = layout;
    this.#pages = pages;
    this.#steps = steps;
  }

  /** What the host wants; a step without the lock is made in `next`. */
  run(next: Uint32Array, holder: number): HostWish {
    const step = this.#step(next);
    if (step === undefined) return 'nothing';
    const phase = get(next, COMMON, HOST_PHASE);
    const locked = holder !== 0;
    switch (step.do) {
      case 'await':
        return get(next, FIRST_VCPU + step.vcpu, POSITION) >= step.steps ? this.#done(next) : 'nothing';
      case 'write':
        set(next, COMMON, BACKING, this.#model.stored(get(next, COMMON, BACKING), step.page));
        this.#pages.hostWrites(next, step.page, this.isMapping(next, step.page));
        return this.#done(next);
      case 'logging':
        return this.#switchLogging(next, step.on, phase, locked);
      case 'collect':
        return locked ? 'nothing' : { do: 'collect', dirtyPages: this.#layout.pageMask(next, DIRTY) };
      case 'unmap':
        if (locked) return 'nothing';
        return phase === 0
          ? { do: 'notifier-start', offset: step.firstPage * PAGE_BYTES, sizeBytes: step.pages * PAGE_BYTES }
          : { do: 'notifier-end' };
      case 'collapse':
        return this.#collapse(next, step.page, phase, locked);
      case 'move':
        return locked || this.#anyFault(next, FAULT) ? 'nothing' : { do: 'move', baseIpa: step.toPage * PAGE_BYTES };
    }
  }

  /** The lock was taken for what the host wanted. */
  lockTaken(next: Uint32Array): void {
    // The bitmap is fetched and cleared in one go: a mark that comes later is for the next reader.
    if (this.#step(next)?.do === 'collect') this.#layout.setPages(next, ~0, DIRTY, 0);
  }

  /** The host's operation has returned. */
  returned(next: Uint32Array, operation: Operation): void {
    switch (operation.do) {
      case 'write-protect':
        // Whoever switches logging on sends all of memory first.
        this.#layout.setPages(next, ~0, WRITTEN, 0);
        set(next, COMMON, WATCHED, 1);
        this.#done(next);
        return;
      case 'collect':
        this.#layout.setPages(next, operation.dirtyPages, WRITTEN, 0);
        this.#done(next);
        return;
      case 'notifier-start':
        set(next, COMMON, HOST_PHASE, 1);
        return;
      case 'notifier-end':
      case 'move':
        this.#done(next);
        return;
      case 'fault':
        throw new VerifyError('the host takes no stage-2 fault');
    }
  }

  /** Pages of the slot's memory that a passage took from the guest on the host's behalf. */
  takenAway({ section, first, to }: Passage): number {
    const { operation } = section;
    const { reachable } = this.#model.timeline.moments;
    switch (operation.do) {
      case 'notifier-start':
        return this.#model.views.hostPages(PHYS_BASE + operation.offset, operation.sizeBytes);
      case 'move':
        return ~0;
      case 'fault':
        return operation.fault.phase === 'start-invalidation' ? reachable.at(first) & ~reachable.at(to.moment) : 0;
      default:
        return 0;
    }
  }

  /** Whether the host is about to move the slot. */
  isMove(state: Uint32Array): boolean {
    return this.#step(state)?.do === 'move';
  }

  /** Whether a lock section is under way that maps a page of the slot's memory. */
  isMapping(state: Uint32Array, page: number): boolean {
    const passage = this.#model.timeline.moments.passage.at(uint32At(state, MOMENT));
    return passage >= 0 && ((this.#model.passage(passage).maps >>> page) & 1) !== 0;
  }

  /**
   * Switching logging replaces the memslot: faults that hold the old one are waited for (SRCU), and only then is the
   * slot write-protected.
   */
  #switchLogging(next: Uint32Array, on: boolean, phase: number, locked: boolean): HostWish {
    if (phase === 0) {
      set(next, COMMON, LOGGING, on ? 1 : 0);
      set(next, COMMON, HOST_PHASE, 1);
      this.#layout.setPages(next, ~0, DIRTY, 0);
      if (!on) {
        set(next, COMMON, WATCHED, 0);
        this.#layout.setPages(next, ~0, WRITTEN, 0);
      }
      for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
        const word = FIRST_VCPU + vcpu;
        if (get(next, word, FAULT) !== 0) set(next, word, OLD_SLOT, 1);
      }
      return 'step';
    }
    if (this.#anyFault(next, OLD_SLOT)) return 'nothing';
    if (!on) return this.#done(next);
    return locked ? 'nothing' : { do: 'write-protect' };
  }

  #collapse(next: Uint32Array, page: number, phase: number, locked: boolean): HostWish {
    const { blockPages } = this.#model.options.world.slot;
    if (phase === 1) {
      set(next, COMMON, BACKING, this.#model.collapsed(get(next, COMMON, BACKING), page));
      for (let each = page; each < page + blockPages; each++) this.#pages.hostWrites(next, each, false);
      set(next, COMMON, HOST_PHASE, 2);
      return 'step';
    }
    if (locked) return 'nothing';
    if (phase === 0) return { do: 'notifier-start', offset: page * PAGE_BYTES, sizeBytes: blockPages * PAGE_BYTES };
    return { do: 'notifier-end' };
  }

  #anyFault(state: Uint32Array, field: typeof FAULT): boolean {
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) if (get(state, FIRST_VCPU + vcpu, field) !== 0) return true;
    return false;
  }

  #step(state: Uint32Array): HostStep | undefined {
    return this.#steps[get(state, COMMON, HOST_POSITION)];
  }

  #done(next: Uint32Array): 'step' {
    set(next, COMMON, HOST_POSITION, get(next, COMMON, HOST_POSITION) + 1);
    set(next, COMMON, HOST_PHASE, 0);
    return 'step';
  }
}
