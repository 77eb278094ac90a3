/**
 * The kernel's side of an exploration: protected states and lock sections, each run once for real.
 *
 * A state is known by the operations that lead to it. To run an operation in it, a fresh machine is made, those
 * operations are run again and then this one, with a recorder attached. Nothing of the core has to be copied or
 * restored, so that nothing of it can be forgotten.
 */
import type { HostRequest, HostTaskName, Memslot, PhaseHead, VirtualMachine } from '@s2bench/kernel';
import { MapFailedError } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';
import { PAGE_BYTES } from '../world.ts';
import type { BackingState } from './backing-state.ts';
import { backingIn, beginState, stateOf } from './backing-state.ts';
import type { FaultRecord } from './fault-record.ts';
import { withoutClocks } from './clocks.ts';
import { Interned } from './fault-record.ts';
import type { KernelState, PastOperation } from './kernel-state.ts';
import { readState } from './kernel-state.ts';
import { outsideOfLock, refuseShared } from './lock-rules.ts';
import type { CountMistake, MicroOp } from './micro-op.ts';
import type { Operation } from './operation.ts';
import type { Repeats } from './repeats.ts';
import type { RigOptions } from './rig.ts';
import { Rig } from './rig.ts';
import { logged, type LoggedSection } from './section-log.ts';
import type { HostWrite } from './section-recorder.ts';
import type { HostPage, Translation } from './translation.ts';
import { takenPages } from './taken-pages.ts';
import { hostPagesOf, translationsOf } from './translation.ts';

/** A lock section as it ran. */
export interface Section {
  readonly operation: Operation;
  readonly from: KernelState;
  readonly to: KernelState;
  /** What the host mapped when the lock was taken. */
  readonly backing: BackingState;
  readonly ops: readonly MicroOp[];
  readonly mistakes: readonly CountMistake[];
  /** It has returned and left the lock taken: nobody takes it any more. */
  readonly lockKept: boolean;
  /** It was a chunk of a hook, and another follows once the lock was given back. */
  readonly goesOn: boolean;
  /** What became of the fault, where it was a fault's section. */
  readonly fault: FaultRecord | undefined;
  /** Why the operation failed, in one line. */
  readonly failure: string | undefined;
  /** What the host had at each guest page when the lock was taken. */
  readonly host: readonly (HostPage | undefined)[];
  readonly before: readonly (Translation | undefined)[];
  readonly after: readonly (Translation | undefined)[];
  /** Guest pages that it took from the guest, mapped or not. */
  readonly taken: readonly number[];
}

/** What a phase of a fault without the lock did. */
export interface UnlockedStep {
  /** `undefined`: no memslot there, user space took the access. */
  readonly fault: FaultRecord | undefined;
  readonly backing: BackingState;
  readonly hostWrites: readonly HostWrite[];
  /** Host memory that it cleaned. */
  readonly cleans: readonly HostWrite[];
  /** Pages of the slot that were marked dirty, a bit each. */
  readonly dirtyPages: number;
}

/** What a phase of a task of the host without the lock did. */
export interface UnlockedHostStep {
  readonly backing: BackingState;
  readonly logging: boolean;
  readonly hostWrites: readonly HostWrite[];
  /** Pages of the slot that are still marked dirty where all were, a bit each. */
  readonly dirtyPages: number;
}

/** A task of the host before one of its phases, as a value. */
export type HostTaskAt = { readonly phase: string } & (
  | { readonly task: 'log-on' | 'log-off' | 'collect-log' | 'delete-slot' }
  | { readonly task: 'invalidate'; readonly offset: number; readonly sizeBytes: number }
  | { readonly task: 'collapse'; readonly offset: number }
  | { readonly task: 'move-slot'; readonly toIpa: number }
);

/** Runs and remembers sections. */
export class Kernel {
  readonly options: RigOptions;
  readonly states = new Interned<KernelState>();
  readonly #sections = new Map<string, Section>();
  readonly #steps = new Map<string, UnlockedStep>();
  readonly #hostSteps = new Map<string, UnlockedHostStep>();
  /** A machine that nothing is run on: it says what the phases are. */
  readonly #sample: VirtualMachine;
  readonly #baseIpa: number;
  readonly #repeats: Repeats | undefined;
  readonly #onSection: ((section: Section) => void) | undefined;

  /**
   * @param repeats - runs sections again, to see whether they do the same
   * @param onSection - told of each section that has run for the first time
   */
  constructor(options: RigOptions, repeats?: Repeats, onSection?: (section: Section) => void) {
    this.options = options;
    this.#repeats = repeats;
    this.#onSection = onSection;
    this.#baseIpa = options.world.slot.basePage * PAGE_BYTES;
    this.#sample = new Rig(options, beginState(options.world.slot), this.#baseIpa, false).vm;
    if (options.interleaves !== true) refuseShared(this.#sample, options.subject.strategy.name);
  }

  /** The state in which nothing has happened. */
  begin(backing: BackingState): KernelState {
    return this.#intern(new Rig(this.options, backing, this.#baseIpa, false), []);
  }

  /** Runs an operation in a state. `backing` is what the host maps when the lock is taken. */
  section(state: KernelState, operation: Operation, backing: BackingState): Section {
    const key = `${state.id} ${backing} ${JSON.stringify(operation)}`;
    let section = this.#sections.get(key);
    if (section === undefined) {
      section = this.#run(state, operation, backing);
      this.#sections.set(key, section);
      this.#repeats?.ran(section, () => this.#run(state, operation, backing));
      this.#onSection?.(section);
    }
    return section;
  }

  /**
   * Runs the sections of another exploration, until one does something else. Where all do the same, every state of
   * that exploration is one of this strategy's too: nothing else in it depends on the strategy.
   */
  doesTheSame(sections: readonly LoggedSection[]): boolean {
    return sections.every((known) => {
      const state = this.states.values[known.state];
      if (state === undefined) return false;
      return logged(this.section(state, known.operation, known.backing)).did === known.did;
    });
  }

  /** Runs a phase of a fault that needs no lock and reads no table. */
  unlocked(fault: FaultRecord, backing: BackingState, baseIpa: number, logging: boolean): UnlockedStep {
    const key = `${backing} ${baseIpa} ${logging} ${JSON.stringify(fault)}`;
    let step = this.#steps.get(key);
    if (step === undefined) {
      const rig = new Rig(this.options, backing, baseIpa, logging);
      const after = this.#withoutTable(rig, 'fault', fault.phase, () => rig.runUnlocked(fault));
      step = {
        fault: after,
        backing: stateOf(rig.slot.backing),
        hostWrites: rig.recorder.hostWrites,
        cleans: rig.recorder.ops.filter((op) => op.do === 'clean'),
        dirtyPages: dirtyIn(rig),
      };
      this.#steps.set(key, step);
    }
    return step;
  }

  /** Runs a phase of a task of the host that needs no lock and reads no table. */
  unlockedHost(task: HostTaskAt, backing: BackingState, baseIpa: number, logging: boolean): UnlockedHostStep {
    const key = `${backing} ${baseIpa} ${logging} ${JSON.stringify(task)}`;
    let step = this.#hostSteps.get(key);
    if (step === undefined) {
      const rig = new Rig(this.options, backing, baseIpa, logging);
      const request = hostRequest(task, rig.slot);
      this.#withoutTable(rig, task.task, task.phase, () => rig.runHostUnlocked(request, task.phase, ~0));
      const { hostWrites } = rig.recorder;
      step = { backing: stateOf(rig.slot.backing), logging: rig.slot.logging, hostWrites, dirtyPages: dirtyIn(rig) };
      this.#hostSteps.set(key, step);
    }
    return step;
  }

  /** What a driver has to know of the phases of a task of the host, in order. */
  phasesOf(task: HostTaskName): readonly PhaseHead[] {
    return Object.values(this.#sample.phases.host[task]);
  }

  /** Whether a phase of the abort handler needs mmu_lock. */
  needsLock(phase: string): boolean {
    const { lock } = this.#sample.phases.fault[phase] ?? { lock: 'none' };
    return lock !== 'none';
  }

  readonly #refuseClock = (asked: string): never => {
    const { name } = this.options.subject.strategy;
    throw new VerifyError(`strategy ${name} calls ${asked}: a strategy knows neither time nor chance`);
  };

  #run(from: KernelState, operation: Operation, backing: BackingState): Section {
    const rig = this.#rebuild(from, backing);
    const before = translationsOf(rig.vm.table);
    const host = hostPagesOf(rig.slot, before.length);
    const taken = takenPages(operation, rig.slot);
    rig.recorder.restart();
    let fault: FaultRecord | undefined;
    let failure: string | undefined;
    try {
      fault = withoutClocks(this.#refuseClock, () => rig.run(operation));
      rig.recorder.finish();
    } catch (error) {
      failure = failureOf(error, this.options.subject.strategy.name);
    }
    const { ops, mistakes } = rig.recorder;
    const path = failure === undefined ? [...from.path, { operation, backing }] : from.path;
    const to = failure === undefined ? this.#intern(rig, path) : from;
    const after = failure === undefined ? translationsOf(rig.vm.table) : before;
    const { lockKept, goesOn } = rig;
    return {
      operation,
      from,
      to,
      backing,
      ops,
      mistakes,
      lockKept,
      goesOn,
      fault,
      failure,
      host,
      before,
      after,
      taken,
    };
  }

  /** Runs a phase without the lock, which leaves the table alone. */
  #withoutTable<Result>(rig: Rig, task: string, phase: string, run: () => Result): Result {
    const strategy = this.options.subject.strategy.name;
    try {
      const result = run();
      rig.recorder.finish();
      if (!rig.recorder.touchedTable) return result;
    } catch (error) {
      if (!rig.recorder.touchedTable) throw new VerifyError(failureOf(error, strategy));
    }
    throw outsideOfLock({ strategy, task, phase });
  }

  #rebuild(state: KernelState, backing: BackingState): Rig {
    const rig = new Rig(this.options, backing, this.#baseIpa, false);
    for (const past of state.path) {
      rig.mapHost(past.backing);
      rig.run(past.operation);
    }
    rig.mapHost(backing);
    rig.recorder.finish();
    if (readState(rig).key !== state.key) {
      throw new VerifyError(
        `strategy ${this.options.subject.strategy.name}: the same operations gave another table; a strategy must keep nothing of its own`,
      );
    }
    return rig;
  }

  #intern(rig: Rig, path: readonly PastOperation[]): KernelState {
    const read = readState(rig);
    const id = this.states.idOf({ id: this.states.values.length, path, ...read }, read.key);
    return this.states.valueOf(id);
  }
}

function hostRequest(task: HostTaskAt, slot: Memslot): HostRequest {
  switch (task.task) {
    case 'invalidate':
      return { do: task.task, slot, offset: task.offset, sizeBytes: task.sizeBytes };
    case 'collapse':
      return { do: task.task, slot, offset: task.offset };
    case 'move-slot':
      return { do: task.task, slot, toIpa: task.toIpa };
    default:
      return { do: task.task, slot };
  }
}

function dirtyIn(rig: Rig): number {
  let pages = 0;
  rig.slot.dirty.forEachRun((first, count) => {
    for (let page = first; page < first + count; page++) pages |= 1 << page;
  });
  return pages;
}

/** An errno that the abort handler cannot answer is an outcome; any other exception is a mistake in the plugin. */
function failureOf(error: unknown, strategy: string): string {
  if (error instanceof VerifyError) throw error;
  if (error instanceof MapFailedError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  throw new VerifyError(`strategy ${strategy} throws: ${message.split('\n')[0] ?? ''}`);
}

/**
 * The state of the backing after user space stored to a page; `undefined` where that would need the notifier.
 */
export function hostStored(options: RigOptions, backing: BackingState, page: number): BackingState | undefined {
  const made = backingIn(options.world.slot, backing);
  const offset = page * PAGE_BYTES;
  const action = made.actionFor(offset, true);
  if (action === 'copy') return undefined;
  if (action === 'populate') made.populate(offset, true);
  if (action === 'make-writable') made.makeWritable(offset);
  return stateOf(made);
}
