/** Steps in words. */
import type { Geometry } from '@s2bench/core/stage2';
import { hasCleaned } from '@s2bench/kernel';
import { uint32At } from '@s2bench/core/stage2';
import { ABORT, ACCESS, HOST, KERNEL, LOCK, RETURN, UNLOCKED, WAIT, WALK, WRITE_BACK } from '../explore/action.ts';
import {
  COMMON,
  FAULT,
  FIRST_VCPU,
  get,
  HOLDER,
  HOST_PHASE,
  HOST_POSITION,
  Layout,
  LOGGING,
  MOMENT,
  PAGE_STATE,
  POSITION,
} from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import type { Programs } from '../explore/programs.ts';
import type { NamedPages } from '../hardware/tlbi.ts';
import { PHYS_BASE } from '../kernel/backing-state.ts';
import type { FaultRecord } from '../kernel/fault-record.ts';
import { isNotifierPhase } from '../kernel/fault-record.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { Operation } from '../kernel/operation.ts';
import { isUncleaned } from '../memory/page-state.ts';
import type { GuestAccess } from '../world.ts';
import { decodeStep, PAGE_BYTES } from '../world.ts';
import { TableDescriber } from './describe-table.ts';
import { rangesOf } from './ranges.ts';
import type { RetracedStep } from './retrace.ts';

const VERBS = ['loads', 'stores to', 'fetches from'] as const;

/** Puts steps of one model into words. */
export class Describer {
  protected readonly model: Model;
  readonly #programs: Programs;
  readonly #layout: Layout;
  protected readonly tables: TableDescriber;

  constructor(model: Model, programs: Programs, geometry: Geometry) {
    const { world, explicitHardware } = model.options;
    this.model = model;
    this.#programs = programs;
    this.#layout = new Layout(world.vcpus.length, world.slot.pages, explicitHardware);
    this.tables = new TableDescriber(model, geometry);
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
        const end =
          step.kind === ABORT ? this.#why(step) : step.broken === undefined ? 'done' : `breaks ${step.broken.rule}`;
        return `${VERBS[access.kind]} page ${access.page}: ${end}`;
      }
      case UNLOCKED:
        return this.#unlocked(step);
      case LOCK: {
        const moment = uint32At(step.after, MOMENT);
        const passage = this.model.passage(this.model.timeline.moments.passage.at(moment));
        const done = this.#ops(moment);
        return [`takes mmu_lock${describeOperation(passage.section.operation)}`, ...(done === '' ? [] : [done])].join(
          '; ',
        );
      }
      case KERNEL:
        return this.#ops(uint32At(step.after, MOMENT));
      case RETURN:
        return get(step.after, COMMON, HOLDER) === 0 ? 'releases mmu_lock' : 'returns, and mmu_lock stays taken';
      case HOST:
        return this.#host(step);
      case WAIT:
        return undefined;
      case WALK:
        return 'its walker or TLB acts';
      case WRITE_BACK:
        return `a dirty line of page ${step.detail} is written back`;
    }
  }

  /** The entries of the table after a step. */
  table(state: Uint32Array): string[] {
    return this.tables.entries(state);
  }

  /** Pages of the slot's memory whose last contents from the host are in a cache line only. */
  uncleaned(state: Uint32Array): number[] {
    const { fwb, world } = this.model.options;
    // With FEAT_S2FWB a guest looks into the cache.
    if (fwb) return [];
    const pages = Array.from({ length: world.slot.pages }, (_, page) => page);
    return pages.filter((page) => isUncleaned(this.#layout.getPage(state, page, PAGE_STATE)));
  }

  #why(step: RetracedStep): string {
    const id = get(step.after, FIRST_VCPU + step.agent, FAULT);
    if (id === 0) return 'faults again';
    const fault = this.model.fault(id);
    return `${fault.kind} fault at level ${fault.level}`;
  }

  #unlocked(step: RetracedStep): string {
    const before = this.model.fault(get(step.before, FIRST_VCPU + step.agent, FAULT));
    const id = get(step.after, FIRST_VCPU + step.agent, FAULT);
    switch (before.phase) {
      case 'prepare': {
        if (id === 0) return 'finds no memslot: user space takes the access';
        const fault = this.model.fault(id);
        const logging = get(step.before, COMMON, LOGGING) === 1 ? 'on' : 'off';
        if (fault.phase === 'start-invalidation') return 'finds the zero page, and copies it';
        if (fault.phase === 'enter-page') return 'finds no host page, and makes one';
        return `pins the host page; logging is ${logging}: will map ${this.#mappedBy(fault)}`;
      }
      case 'enter-page':
        return 'enters the new page into its page table';
      case 'enter-copy':
        return 'puts the copy in the place of the zero page';
      case 'pin':
        return 'pins the host page';
      case 'before-lock':
        return id !== 0 && hasCleaned(this.model.fault(id))
          ? 'cleans, before it takes the lock'
          : 'cleans nothing before the lock';
      default:
        return before.outcome === 'retried' ? 'returns to the guest, to try again' : 'returns to the guest';
    }
  }

  /** What a fault is going to map, in guest pages. */
  #mappedBy({ mapIpa, mapBytes, forcePages }: FaultRecord): string {
    const first = mapIpa / PAGE_BYTES;
    if (mapBytes > PAGE_BYTES) return `block ${first}-${first + mapBytes / PAGE_BYTES - 1}`;
    // What the host has is looked at under the lock: transparent_hugepage_adjust().
    const mayBeBlock = this.model.options.world.slot.backing === 'thp' && !forcePages;
    return mayBeBlock ? `page ${first}, or its block if the host has one` : `page ${first} alone`;
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
    const texts = (this.model.timeline.moments.steps[moment] ?? []).map((op) => this.#op(moment, op));
    return texts.join('; ');
  }

  #op(moment: number, op: MicroOp): string {
    switch (op.do) {
      case 'write':
        return `${this.tables.name(op.entry)} = ${op.low === 0 ? '0' : this.tables.descriptor(moment, op.entry, op.low, op.high)}`;
      case 'barrier':
        return `dsb ${op.kind}`;
      case 'tlbi-vmid':
        return 'tlbi vmalls12e1is';
      case 'tlbi-ipa':
        return `tlbi ${namedText({ page: Math.floor(op.ipa / PAGE_BYTES), pages: op.pages, level: op.level })}`;
      case 'tlbi-stage1':
        return 'tlbi vmalle1is';
      case 'clean':
        return `cleans ${pages(op.pa, op.sizeBytes)} to PoC`;
      case 'discard':
        return `invalidates ${pages(op.pa, op.sizeBytes)} without a clean`;
      case 'icache':
        return `invalidates the I-cache for ${pages(op.pa, op.sizeBytes)}`;
      case 'alloc':
        return `allocates table t${op.slot}`;
      case 'free':
        return `frees table t${op.slot}`;
    }
  }
}

/** A TLBI by IPA or by range in words. */
export function namedText({ page, pages: count, level }: NamedPages): string {
  if (count === 1) return `ipas2e1is page ${page}${level === 0 ? '' : `, level ${level}`}`;
  return `ripas2e1is pages ${rangesOf(Array.from({ length: count }, (_, at) => page + at))}`;
}

/** Pages of the slot's memory in words. */
export function pages(pa: number, sizeBytes: number): string {
  const first = (pa - PHYS_BASE) / PAGE_BYTES;
  const count = sizeBytes / PAGE_BYTES;
  return `${count === 1 ? 'page' : 'pages'} ${rangesOf(Array.from({ length: count }, (_, page) => first + page))}`;
}

/** What mmu_lock is taken for, in words. */
export function describeOperation(operation: Operation): string {
  switch (operation.do) {
    case 'fault':
      return isNotifierPhase(operation.fault) ? ` for the notifier (${operation.fault.phase})` : '';
    case 'notifier-start':
      return ' to unmap what the host takes away';
    case 'notifier-end':
      return ' to end the invalidation';
    case 'write-protect':
      return ' to write-protect the slot';
    case 'split':
      return ' to split what is to be split eagerly';
    case 'hook':
      return ` for ${operation.phase} of ${operation.task}${operation.doneChunks === 0 ? '' : `, chunk ${operation.doneChunks + 1}`}`;
    case 'collect':
      return ' to read the dirty bitmap';
    case 'move':
      return ' to unmap the slot that moves';
    case 'delete-slot':
      return ' to unmap the slot that is deleted';
  }
}
