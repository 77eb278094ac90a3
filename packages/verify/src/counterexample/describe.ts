/** Steps in words. */
import { childSerial, isTable, outputAddress, S2AP_WRITE, VALID, XN_HIGH } from '@s2bench/core';
import type { Geometry } from '@s2bench/core';
import { ABORT, ACCESS, HOST, KERNEL, LOCK, RETURN, UNLOCKED, WAIT, WALK } from '../explore/action.ts';
import { COMMON, FAULT, FIRST_VCPU, get, HOST_PHASE, HOST_POSITION, LOGGING, MOMENT, POSITION } from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import type { Programs } from '../explore/programs.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { Operation } from '../kernel/operation.ts';
import { uint32At } from '../typed-array.ts';
import type { GuestAccess } from '../world.ts';
import { decodeStep, PAGE_BYTES } from '../world.ts';
import type { RetracedStep } from './retrace.ts';

const VERBS = ['loads', 'stores to', 'fetches from'] as const;

/** Puts steps of one model into words. */
export class Describer {
  readonly #model: Model;
  readonly #programs: Programs;
  readonly #geometry: Geometry;

  constructor(model: Model, programs: Programs, geometry: Geometry) {
    this.#model = model;
    this.#programs = programs;
    this.#geometry = geometry;
  }

  /** The access that a step makes. */
  accessOf(step: RetracedStep): GuestAccess | undefined {
    if (step.kind !== ACCESS && step.kind !== ABORT) return undefined;
    const text = this.#programs.vcpus[step.agent]?.steps[get(step.before, FIRST_VCPU + step.agent, POSITION)];
    return text === undefined ? undefined : decodeStep(text).accesses[step.detail >> 6];
  }

  /** What a step does; `undefined` where there is nothing to be said of it. */
  describe(step: RetracedStep): string | undefined {
    switch (step.kind) {
      case ACCESS:
      case ABORT: {
        const access = this.accessOf(step);
        if (access === undefined) return undefined;
        return `${VERBS[access.kind]} page ${access.page}${step.kind === ABORT ? `: ${this.#why(step)}` : ''}`;
      }
      case UNLOCKED:
        return this.#unlocked(step);
      case LOCK: {
        const moment = uint32At(step.after, MOMENT);
        const passage = this.#model.passage(this.#model.timeline.moments.passage.at(moment));
        const done = this.#ops(moment);
        return `takes mmu_lock ${describeOperation(passage.section.operation)}${done === '' ? '' : `; ${done}`}`;
      }
      case KERNEL:
        return this.#ops(uint32At(step.after, MOMENT));
      case RETURN:
        return 'unlocks';
      case HOST:
        return this.#host(step);
      case WAIT:
        return undefined;
      case WALK:
        return 'its walker or TLB acts';
    }
  }

  /** The entries of the table that are or were valid, the root's first, as far as stores have gone. */
  table(state: Uint32Array): string[] {
    const { timeline } = this.#model;
    const moment = uint32At(state, MOMENT);
    const rest = timeline.rests[timeline.moments.rest.at(moment)];
    const words = new Map<number, readonly [number, number]>();
    if (rest === undefined) return [];
    const kept = rest.state.words;
    for (let entry = 0; 2 * entry < kept.length; entry++) words.set(entry, [uint32At(kept, 2 * entry), uint32At(kept, 2 * entry + 1)]);
    const passage = timeline.moments.passage.at(moment);
    if (passage >= 0) {
      for (let at = this.#model.passage(passage).first; at <= moment; at++) {
        for (const op of timeline.moments.steps[at] ?? []) {
          if (op.do === 'write') words.set(op.entry, [op.low, op.high]);
          if (op.do === 'free') for (let i = 0; i < 4; i++) words.set(op.slot * 4 + i, [0, 0]);
        }
      }
    }
    const shown: string[] = [];
    for (const [entry, [low, high]] of words) if (low !== 0) shown.push(`${this.#name(entry)} ${this.#descriptor(entry, low, high)}`);
    return shown;
  }

  /** Table page and index of an entry: `root[0]`, `t1[2]`. */
  #name(entry: number): string {
    const slot = entry >> 2;
    return `${slot === 0 ? 'root' : `t${slot}`}[${entry & 3}]`;
  }

  #descriptor(entry: number, low: number, high: number): string {
    const gone = (low & VALID) === 0 ? 'invalid, was ' : '';
    if (this.#levelOf(entry) < 3 && isTable(low | VALID)) return `${gone}table ${childSerial(low, high, this.#geometry)}`;
    const pa = outputAddress(low, high, this.#geometry);
    const what = this.#levelOf(entry) < 3 ? 'block' : 'page';
    const rights = `r${(low & S2AP_WRITE) === 0 ? '-' : 'w'}${(high & XN_HIGH) === 0 ? 'x' : '-'}`;
    return `${gone}${what} ${pa < PHYS_BASE ? 'zero' : (pa - PHYS_BASE) / PAGE_BYTES} ${rights}`;
  }

  #levelOf(entry: number): number {
    const slot = entry >> 2;
    if (slot === 0) return this.#geometry.startLevel;
    for (const { state } of this.#model.timeline.rests) {
      const page = state.pages.find((each) => each.slot === slot);
      if (page !== undefined) return page.level;
    }
    return 3;
  }

  #why(step: RetracedStep): string {
    const id = get(step.after, FIRST_VCPU + step.agent, FAULT);
    if (id === 0) return 'faults again';
    const fault = this.#model.fault(id);
    return `${fault.kind} fault at level ${fault.level}`;
  }

  #unlocked(step: RetracedStep): string {
    const before = this.#model.fault(get(step.before, FIRST_VCPU + step.agent, FAULT));
    const id = get(step.after, FIRST_VCPU + step.agent, FAULT);
    switch (before.phase) {
      case 'prepare': {
        if (id === 0) return 'is no memory: user space takes the access';
        const fault = this.#model.fault(id);
        const logging = get(step.before, COMMON, LOGGING) === 1 ? 'logging is on' : 'logging is off';
        if (fault.phase === 'start-invalidation') return 'finds the zero page, and copies it';
        if (fault.phase === 'enter-page') return 'finds no host page, and makes one';
        return `pins the host page, ${logging}: will map ${fault.mapBytes === PAGE_BYTES ? 'a page' : `${fault.mapBytes / PAGE_BYTES} pages`}`;
      }
      case 'enter-page':
        return 'enters the new page into its page table';
      case 'enter-copy':
        return 'puts the copy in the place of the zero page';
      case 'pin':
        return 'pins the host page';
      default:
        return before.outcome === 'retried' ? 'goes back to the guest, to try again' : 'goes back to the guest';
    }
  }

  #host(step: RetracedStep): string | undefined {
    const host = this.#programs.host[get(step.before, COMMON, HOST_POSITION)];
    const phase = get(step.before, COMMON, HOST_PHASE);
    switch (host?.do) {
      case 'write':
        return `user space stores to page ${host.page}`;
      case 'logging':
        return phase === 0 ? `switches logging ${host.on ? 'on' : 'off'}` : 'has waited for the faults of the old slot';
      case 'collapse':
        return 'copies the pages into a huge page';
      default:
        return undefined;
    }
  }

  #ops(moment: number): string {
    const texts = (this.#model.timeline.moments.steps[moment] ?? []).map((op) => this.#op(op)).filter((text) => text !== '');
    return texts.join('; ');
  }

  #op(op: MicroOp): string {
    switch (op.do) {
      case 'write':
        return `${this.#name(op.entry)} = ${op.low === 0 ? '0' : this.#descriptor(op.entry, op.low, op.high)}`;
      case 'barrier':
        return `dsb ${op.kind}`;
      case 'tlbi-vmid':
        return 'tlbi vmalls12e1is';
      case 'tlbi-ipa':
        return `tlbi ipas2e1is page ${Math.floor(op.ipa / PAGE_BYTES)}`;
      case 'clean':
        return `cleans ${pages(op.pa, op.sizeBytes)} to PoC`;
      case 'discard':
        return `invalidates ${pages(op.pa, op.sizeBytes)} without a clean`;
      case 'icache':
        return `invalidates the I-cache for ${pages(op.pa, op.sizeBytes)}`;
      case 'alloc':
        return `allocates table ${op.serial}`;
      case 'free':
        return `frees table page t${op.slot}`;
    }
  }
}

function pages(pa: number, sizeBytes: number): string {
  const first = (pa - PHYS_BASE) / PAGE_BYTES;
  const count = sizeBytes / PAGE_BYTES;
  return count === 1 ? `page ${first}` : `pages ${first}-${first + count - 1}`;
}

function describeOperation(operation: Operation): string {
  switch (operation.do) {
    case 'fault':
      return operation.fault.phase === 'map' ? 'to map' : `for the notifier (${operation.fault.phase})`;
    case 'notifier-start':
      return 'to unmap what the host takes away';
    case 'notifier-end':
      return 'to end the invalidation';
    case 'write-protect':
      return 'to write-protect the slot';
    case 'collect':
      return 'to read the dirty bitmap';
    case 'move':
      return 'to unmap the slot that moves';
  }
}

