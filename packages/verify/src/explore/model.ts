/** What is worked out once for many states, behind small numbers: faults, backings, operations, passages. */
import type { HostTaskName, KernelFlaw, PhaseHead } from '@s2bench/kernel';
import { KEPT_FLAWS } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';
import type { Architecture } from '../hardware/architecture.ts';
import { STRICTEST } from '../hardware/architecture.ts';
import type { CachedEntry } from '../hardware/cached-entry.ts';
import type { Passage, Rest } from '../hardware/timeline.ts';
import { Timeline } from '../hardware/timeline.ts';
import { Views } from '../hardware/views.ts';
import type { BackingState } from '../kernel/backing-state.ts';
import { beginState } from '../kernel/backing-state.ts';
import type { FaultRecord } from '../kernel/fault-record.ts';
import { DONE, Interned, raisedFault } from '../kernel/fault-record.ts';
import type { HostTaskAt, UnlockedStep } from '../kernel/kernel.ts';
import { hostStored, Kernel, type Section } from '../kernel/kernel.ts';
import type { LoggedSection } from '../kernel/section-log.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Repeats } from '../kernel/repeats.ts';
import type { RigOptions } from '../kernel/rig.ts';
import type { Observer } from '../rules/rule.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import type { Subject } from '../subject.ts';
import type { AccessKind, World } from '../world.ts';
import { FETCH, PAGE_BYTES, WRITE } from '../world.ts';
import { BACKING, FAULT } from './layout.ts';

/** What an exploration is of. */
export interface ModelOptions {
  readonly subject: Subject;
  readonly world: World;
  readonly fwb: boolean;
  /** The hardware; left out: the strictest. */
  readonly arch?: Architecture;
  /** Known mistakes of the kernel model that are kept; left out: `KEPT_FLAWS`. */
  readonly flaws?: readonly KernelFlaw[];
  /** Kernel model, options after a `?`; left out: the one in which strategies are verified. */
  readonly kernel?: string | undefined;
  readonly rules: readonly Observer[];
  readonly mergeQuiet: boolean;
  /** Follow each CPU's TLB and walker, instead of the set of what may be cached. */
  readonly explicitHardware: boolean;
  /** Runs lock sections again, to see whether they do the same. */
  readonly repeats?: Repeats;
  /** Told of each lock section that has run for the first time. */
  readonly onSection?: (section: Section) => void;
  /** Sections that share mmu_lock are interleaved, which the caller sees to. */
  readonly interleaves?: boolean;
}

/** What a closed model throws where it would have to work out something new. */
export const UNKNOWN = new Error('the model is closed');

/** How a phase of a fault continues. */
export interface NumberedStep {
  /** Number of the fault; 0: the vCPU is back in the guest. */
  readonly fault: number;
  /** No memslot there: user space took the access. */
  readonly device: boolean;
  readonly backing: number;
  readonly step: UnlockedStep;
}

/** What a phase of a task of the host without the lock leads to. Masks have a bit per page of the slot's memory. */
export interface NumberedHostStep {
  readonly backing: number;
  readonly logging: boolean;
  /** Pages that are still marked dirty. */
  readonly dirtyPages: number;
  /** Pages that the host stored to. */
  readonly written: number;
}

/** The shared part of an exploration. Grows while it runs. */
export class Model {
  readonly options: ModelOptions;
  readonly arch: Architecture;
  readonly views: Views;
  readonly timeline: Timeline;
  /** Guest pages of the address space. */
  readonly guestPages: number;
  readonly beginBacking: number;
  /** TLB entries by their bit, where hardware is followed CPU by CPU. */
  readonly entries: CachedEntry[] = [];
  readonly entryBits = new Map<string, number>();

  /** How often something new was worked out. */
  learned = 0;
  /** Nothing new is worked out: whoever needs it is told by {@link UNKNOWN}. */
  isClosed = false;

  readonly #kernel: Kernel;
  protected readonly rigOptions: RigOptions;
  readonly #faults = new Interned<FaultRecord | undefined>();
  readonly #backings = new Interned<BackingState>();
  readonly #operations = new Interned<Operation>();
  readonly #raised = new Map<number, number>();
  readonly #faultOperations = new Map<number, number>();
  readonly #hostOperations = new WeakMap<Operation, number>();
  // By rest, and by fault: what is left of the key stays a small integer, which maps hash without a box.
  readonly #passages: (Map<number, number> | undefined)[] = [];
  readonly #steps: (Map<number, NumberedStep> | undefined)[] = [];
  readonly #stored: number[] = [];
  readonly #needsLock: boolean[] = [false];
  readonly #faultsAfter: number[] = [];

  constructor(options: ModelOptions) {
    this.options = options;
    const geometry = makeSmallGeometry(options.world.levels);
    const { subject, world, fwb, kernel, flaws = KEPT_FLAWS, interleaves = false } = options;
    this.arch = options.arch ?? STRICTEST;
    this.rigOptions = { subject, world, geometry, fwb, kernel, flaws, interleaves };
    this.guestPages = geometry.ipaLimit / PAGE_BYTES;
    this.#kernel = new Kernel(this.rigOptions, options.repeats, options.onSection);
    this.views = new Views(options.world.slot, this.guestPages);
    // Rules about what may be cached are then kept by the CPUs themselves.
    const rules = options.explicitHardware
      ? options.rules.filter(({ view, free }) => view === undefined && free === undefined)
      : options.rules;
    this.timeline = new Timeline(this.#kernel, this.views, rules, {
      arch: this.arch,
      mergeQuiet: options.mergeQuiet,
      keepTables: options.explicitHardware,
    });
    this.#faults.idOf(undefined, '');
    this.beginBacking = this.#backings.idOf(beginState(options.world.slot));
  }

  /** Whether vCPUs of one program are interchangeable: nothing but their own words names them. */
  get isSymmetric(): boolean {
    return true;
  }

  /** Runs again what is run as a tree, the last first: see {@link Repeats} for the rest. */
  backwards(): void {
    // Sections that hold the lock alone are run again by those who ran them.
  }

  /** Something is asked for that nobody has asked for before: it is worked out, and gets the next number. */
  protected learns(): void {
    if (this.isClosed) throw UNKNOWN;
    this.learned++;
  }

  /** Whether the strategy does in each of these sections what another one did. */
  doesTheSame(sections: readonly LoggedSection[]): boolean {
    return this.#kernel.doesTheSame(sections);
  }

  /** The rest in which nothing has happened. */
  begin(): Rest {
    return this.timeline.begin(this.#kernel.begin(this.#backings.valueOf(this.beginBacking)));
  }

  /** The rest of a moment; in a lock section the one that it began at. */
  restAt(moment: number): Rest {
    const { moments, rests } = this.timeline;
    return rests[moments.rest.at(moment)] as Rest;
  }

  fault(id: number): FaultRecord {
    const fault = this.#faults.valueOf(id);
    if (fault === undefined) throw new RangeError('the vCPU is in the guest');
    return fault;
  }

  /** What the host maps, by its number. */
  backing(id: number): BackingState {
    return this.#backings.valueOf(id);
  }

  /** Whether the fault needs mmu_lock next. */
  needsLock(fault: number): boolean {
    return this.#needsLock[fault] === true;
  }

  /** The number of a fault that a guest access just raised. */
  raise(page: number, kind: AccessKind, permission: boolean, level: number, cachePages: number): number {
    const key = (((page * 3 + kind) * 2 + (permission ? 1 : 0)) * 4 + level) * 8 + cachePages;
    const known = this.#raised.get(key);
    if (known !== undefined) return known;
    this.learns();
    const why = permission ? 'permission' : 'translation';
    const id = this.numberOf(raisedFault(page * PAGE_BYTES, kind === WRITE, kind === FETCH, why, level, cachePages));
    this.#raised.set(key, id);
    return id;
  }

  /** The passage of a fault's lock section. */
  faultPassage(rest: Rest, fault: number, stale: number, backing: number): number {
    const key = fault * 2 + stale;
    let operation = this.#faultOperations.get(key);
    if (operation === undefined) {
      this.learns();
      operation = this.#operations.idOf({ do: 'fault', fault: this.fault(fault), stale: stale === 1 });
      this.#faultOperations.set(key, operation);
    }
    return this.#passage(rest, operation, backing);
  }

  /** The passage of an operation of the host. One that is handed in again, the same object, is known at a glance. */
  hostPassage(rest: Rest, operation: Operation, backing: number): number {
    let id = this.#hostOperations.get(operation);
    if (id === undefined) {
      this.learns();
      id = this.#operations.idOf(operation);
      this.#hostOperations.set(operation, id);
    }
    return this.#passage(rest, id, backing);
  }

  /** A passage by its number. */
  passage(id: number): Passage {
    return this.timeline.passages[id] as Passage;
  }

  /** The fault after a passage; 0 where it was none's. */
  faultAfter(passage: number): number {
    const known = this.#faultsAfter[passage];
    if (known !== undefined) return known;
    this.learns();
    const { fault } = this.passage(passage).section;
    return (this.#faultsAfter[passage] = fault === undefined ? 0 : this.numberOf(fault));
  }

  /** A phase of a fault that needs no lock. */
  unlocked(fault: number, backing: number, baseIpa: number, logging: number): NumberedStep {
    const steps = (this.#steps[fault] ??= new Map<number, NumberedStep>());
    const key = (backing * 128 + baseIpa / PAGE_BYTES) * 2 + logging;
    const known = steps.get(key);
    if (known !== undefined) return known;
    this.learns();
    const step = this.#kernel.unlocked(this.fault(fault), this.#backings.valueOf(backing), baseIpa, logging === 1);
    const numbered = {
      fault: step.fault === undefined || step.fault.phase === DONE ? 0 : this.numberOf(step.fault),
      device: step.fault === undefined,
      backing: this.#backingId(step.backing),
      step,
    };
    steps.set(key, numbered);
    return numbered;
  }

  /** The backing after user space stored to a page. */
  stored(backing: number, page: number): number {
    const key = backing * this.options.world.slot.pages + page;
    const known = this.#stored[key];
    if (known !== undefined) return known;
    this.learns();
    const after = hostStored(this.rigOptions, this.#backings.valueOf(backing), page);
    if (after === undefined) {
      throw new VerifyError(
        `world ${this.options.world.name}: the host writes page ${page} while the zero page is mapped there; it must be written first`,
      );
    }
    return (this.#stored[key] = this.#backingId(after));
  }

  /** The phases of a task of the host, in order. */
  phasesOf(task: HostTaskName): readonly PhaseHead[] {
    return this.#kernel.phasesOf(task);
  }

  /** A phase of a task of the host that needs no lock. */
  unlockedHost(task: HostTaskAt, backing: number, baseIpa: number, logging: boolean): NumberedHostStep {
    this.learns();
    const step = this.#kernel.unlockedHost(task, this.#backings.valueOf(backing), baseIpa, logging);
    let pages = 0;
    for (const { pa, sizeBytes } of step.hostWrites) pages |= this.views.hostPages(pa, sizeBytes);
    const { logging: logs, dirtyPages } = step;
    return { backing: this.#backingId(step.backing), logging: logs, dirtyPages, written: pages };
  }

  #passage(rest: Rest, operation: number, backing: number): number {
    const passages = (this.#passages[rest.id] ??= new Map<number, number>());
    const key = operation * (BACKING.most + 1) + backing;
    let passage = passages.get(key);
    if (passage === undefined) {
      this.learns();
      passage = this.timeline.passage(rest, this.#operations.valueOf(operation), this.#backings.valueOf(backing));
      passages.set(key, passage);
    }
    return passage;
  }

  /** The number of a fault in flight. */
  numberOf(fault: FaultRecord): number {
    const id = this.#faults.idOf(fault);
    if (id > FAULT.most)
      throw new VerifyError(`world ${this.options.world.name}: more than ${FAULT.most} different faults`);
    this.#needsLock[id] = this.#kernel.needsLock(fault.phase);
    return id;
  }

  #backingId(backing: BackingState): number {
    const id = this.#backings.idOf(backing);
    if (id > BACKING.most)
      throw new VerifyError(`world ${this.options.world.name}: more than ${BACKING.most} states of the backing`);
    return id;
  }
}
