/**
 * A machine that is slow and plain: what {@link Machine} is held against.
 *
 * It runs the same abort handler on the same tables, and shares nothing else with the machine. There is no closed form:
 * each access of each vCPU is an event that begins by looking at its page and ends after its share of the memory
 * system. An operation under mmu_lock is run in one go when the lock is granted; its stores are then played one by one
 * against what the guests see, which is a list of pages and not the table.
 */
import type { AccessRun, GuestProgram } from '@s2bench/kernel';
import { GuestFault, needsLock, runSection } from '@s2bench/kernel';
import type { GuestStep } from '../src/machine.ts';
import type { Guest } from './cell.ts';
import { BASE_IPA, PAGE } from './cell.ts';
import type { Answer, Change, PageView } from './stepwise-effects.ts';
import { StepwiseCounts, StepwiseEffects, viewOf } from './stepwise-effects.ts';

/** Events so close are at the same time: sums of the same costs in another order differ by less. */
const SAME_NS = 1e-5;

/** Time of an access while so many vCPUs access memory, by the formula for the throughput of a product-form network. */
export function timeOfAccess(latencyNs: number, serviceNs: number, running: number): number {
  const privateNs = Math.max(0, latencyNs - serviceNs);
  // G(n) is the sum over k at the station of serviceNs^k * privateNs^(n - k) / (n - k)!; throughput is G(n - 1) / G(n).
  const normalization = (n: number): number => {
    let sum = 0;
    for (let away = 0; away <= n; away++) {
      let term = 1;
      for (let factor = 1; factor <= away; factor++) term *= privateNs / serviceNs / factor;
      sum += term;
    }
    return sum;
  };
  return (running * serviceNs * normalization(running)) / normalization(running - 1);
}

type Doing = 'accesses' | 'in-host' | 'queues' | 'takes-lock' | 'holds-lock' | 'ended';

/** A vCPU, as the stepwise machine sees it. */
interface Actor {
  readonly id: number;
  readonly program: GuestProgram;
  readonly run: AccessRun;
  readonly fault: GuestFault;
  doing: Doing;
  index: number;
  /** Part of the current access that is still to do, and the host page that it goes to. */
  left: number;
  hostPage: number;
  untilNs: number;
  needsLock: boolean;
  raisedNs: number;
  askedNs: number;
}

/** What a stage took. */
export interface StepwiseMeasurement {
  readonly timeNs: number;
  readonly counts: StepwiseCounts;
  readonly stallsNs: readonly number[];
}

/** Runs stages of a guest step by step. */
export class StepwiseMachine {
  readonly #guest: Guest;
  readonly #effects: StepwiseEffects;
  readonly #pages: number;
  #nowNs = 0;
  #startedNs = 0;
  #stallsNs: number[] = [];

  // Of the guest step that runs.
  #actors: Actor[] = [];
  #views: PageView[] = [];
  /** Those who wait for the lock, in the order in which they asked. */
  #queue: Actor[] = [];
  #holder: Actor | undefined;
  #stores: Change[] = [];
  #holderDoneNs = Infinity;

  constructor(guest: Guest) {
    const { vm, slot, shape } = guest;
    this.#guest = guest;
    this.#pages = slot.sizeBytes / PAGE;
    this.#effects = new StepwiseEffects(vm, this.#pages, shape.costs);
    vm.effects = this.#effects;
  }

  beginStage(): void {
    this.#effects.counts = new StepwiseCounts();
    this.#stallsNs = [];
    this.#startedNs = this.#nowNs;
  }

  endStage(): StepwiseMeasurement {
    return { timeNs: this.#nowNs - this.#startedNs, counts: this.#effects.counts, stallsNs: this.#stallsNs };
  }

  runHost(action: () => void): void {
    this.#effects.operationBegins(this.#nowNs);
    action();
    this.#playAll();
  }

  /** One vCPU of each class after the other, for the tables and the caches alone: nothing is counted, and no time passes. */
  skipGuests(step: GuestStep): void {
    const { counts } = this.#effects;
    const nowNs = this.#nowNs;
    this.#effects.counts = new StepwiseCounts();
    const seen = new Set<number>();
    for (let id = 0; id < this.#guest.shape.vcpus; id++) {
      if (seen.has(step.classOf(id))) continue;
      seen.add(step.classOf(id));
      const actor = newActor(id, step.programOf(id));
      while (actor.program.next(actor.run)) this.#skipLoop(actor);
    }
    this.#effects.counts = counts;
    this.#effects.forgetWritten();
    this.#nowNs = nowNs;
  }

  /** Every vCPU runs its program; the step ends with the last. */
  runGuests(step: GuestStep): void {
    this.#views = Array.from({ length: this.#pages }, (_, page) => viewOf(this.#guest.vm, page));
    this.#queue = [];
    this.#holder = undefined;
    this.#holderDoneNs = Infinity;
    this.#stores = [];
    this.#actors = Array.from({ length: this.#guest.shape.vcpus }, (_, id) => newActor(id, step.programOf(id)));
    for (const actor of this.#actors) {
      if (this.#nextLoop(actor)) this.#beginAccess(actor);
    }
    while (this.#actors.some((actor) => actor.doing !== 'ended')) this.#nextEvent();
  }

  #skipLoop(actor: Actor): void {
    const { fault, run } = actor;
    for (let index = 0; index < run.count; index++) {
      const address = run.startIpa + index * run.strideBytes;
      for (let answer = this.#ask(address, run.write); answer !== undefined; answer = this.#ask(address, run.write)) {
        this.#guest.vm.raise(fault, address, run.write, false, answer.kind, answer.level);
        do {
          this.#effects.operationBegins(this.#nowNs);
          if (!needsLock(fault)) runSection(fault, this.#guest.vm.origin);
          if (needsLock(fault)) runSection(fault, this.#guest.vm.origin);
          this.#playAll();
        } while (fault.phase !== undefined);
      }
    }
  }

  #ask(address: number, write: boolean): Answer {
    const view = viewOf(this.#guest.vm, pageAt(address));
    return write ? view.write : view.read;
  }

  #playAll(): void {
    this.#nowNs = this.#effects.nowNs;
    for (const change of this.#effects.changes) {
      if (change.what === 'clean') this.#effects.clean(change.address, change.sizeBytes);
    }
    this.#effects.changes = [];
  }

  /** Goes to what happens next and lets it happen: what a vCPU does comes before a store at the same time. */
  #nextEvent(): void {
    const accessing = this.#actors.filter((actor) => actor.doing === 'accesses');
    const { guestAccess, farMemory, memoryService } = this.#guest.shape.costs;
    const latencyNs = guestAccess + (this.#actors.length > 1 ? (farMemory ?? 0) : 0);
    const accessNs = accessing.length === 0 ? 0 : timeOfAccess(latencyNs, memoryService, accessing.length);
    const dueNs = (actor: Actor): number =>
      actor.doing === 'accesses' ? this.#nowNs + actor.left * accessNs : actor.untilNs;

    const actorNs = Math.min(...this.#actors.map(dueNs));
    const storeNs = this.#stores[0]?.atNs ?? this.#holderDoneNs;
    const timeNs = Math.min(actorNs, storeNs);
    if (!Number.isFinite(timeNs)) throw new Error('nothing happens any more, and vCPUs have not ended');
    const next =
      actorNs <= storeNs + SAME_NS ? this.#actors.find((actor) => dueNs(actor) <= actorNs + SAME_NS) : undefined;
    for (const actor of accessing) actor.left -= (timeNs - this.#nowNs) / accessNs;
    this.#nowNs = timeNs;
    if (next !== undefined) this.#act(next);
    else if (this.#stores.length > 0) this.#play(this.#stores.shift());
    else this.#operationDone();
  }

  #act(actor: Actor): void {
    switch (actor.doing) {
      case 'accesses':
        this.#accessDone(actor);
        return;
      case 'in-host':
        this.#hostPhaseDone(actor);
        return;
      case 'takes-lock':
        this.#runLocked(actor);
        return;
      default:
        throw new Error(`vCPU ${actor.id} ${actor.doing}: nothing is due`);
    }
  }

  #play(change: Change | undefined): void {
    if (change?.what === 'page') this.#views[change.page] = change.view;
    else if (change?.what === 'clean') this.#effects.clean(change.address, change.sizeBytes);
  }

  #accessDone(actor: Actor): void {
    if (this.#readsStale(actor.hostPage)) this.#effects.counts.staleReads += 1;
    actor.index += 1;
    if (actor.index === actor.run.count && !this.#nextLoop(actor)) return;
    this.#beginAccess(actor);
  }

  #readsStale(hostPage: number): boolean {
    const { guestCaches, fwb } = this.#guest.shape;
    return !guestCaches && !fwb && this.#effects.dirtyPages.has(hostPage);
  }

  /** Goes to the next loop that has an access; ends the vCPU where there is none. */
  #nextLoop(actor: Actor): boolean {
    do {
      if (!actor.program.next(actor.run)) {
        actor.doing = 'ended';
        actor.untilNs = Infinity;
        return false;
      }
    } while (actor.run.count === 0);
    actor.index = 0;
    return true;
  }

  #beginAccess(actor: Actor): void {
    const { run, fault } = actor;
    const address = run.startIpa + actor.index * run.strideBytes;
    const view = this.#views[pageAt(address)];
    const answer = run.write ? view?.write : view?.read;
    if (answer === undefined) {
      actor.doing = 'accesses';
      actor.left = 1;
      actor.hostPage = view?.hostPage ?? 0;
      actor.untilNs = Infinity;
      return;
    }
    if (answer.kind === 'translation') this.#effects.counts.translationFaults += 1;
    else this.#effects.counts.permissionFaults += 1;
    actor.raisedNs = this.#nowNs;
    this.#guest.vm.raise(fault, address, run.write, false, answer.kind, answer.level);
    this.#runUnlocked(actor);
  }

  #runUnlocked(actor: Actor): void {
    this.#effects.nowNs = this.#nowNs;
    if (!needsLock(actor.fault)) runSection(actor.fault, this.#guest.vm.origin);
    actor.needsLock = needsLock(actor.fault);
    actor.doing = 'in-host';
    actor.untilNs = this.#effects.nowNs;
  }

  #hostPhaseDone(actor: Actor): void {
    if (!actor.needsLock && actor.fault.phase === undefined) {
      this.#stallsNs.push(this.#nowNs - actor.raisedNs);
      this.#beginAccess(actor);
    } else if (!actor.needsLock) this.#runUnlocked(actor);
    else {
      actor.askedNs = this.#nowNs;
      if (this.#holder === undefined) this.#grant(actor, this.#guest.shape.costs.lockAcquire);
      else {
        actor.doing = 'queues';
        actor.untilNs = Infinity;
        this.#queue.push(actor);
      }
    }
  }

  #grant(actor: Actor, costNs: number): void {
    this.#holder = actor;
    actor.doing = 'takes-lock';
    actor.untilNs = this.#nowNs + costNs;
  }

  #runLocked(actor: Actor): void {
    const { counts } = this.#effects;
    counts.lockWaitNs += this.#nowNs - actor.askedNs;
    actor.doing = 'holds-lock';
    actor.untilNs = Infinity;
    const maps = actor.fault.phase?.name === 'check';
    this.#effects.operationBegins(this.#nowNs);
    runSection(actor.fault, this.#guest.vm.origin);
    this.#stores = this.#effects.changes;
    this.#effects.changes = [];
    this.#holderDoneNs = this.#effects.nowNs;
    if (!maps) return;
    if (actor.fault.outcome === 'spurious') counts.spuriousFaults += 1;
    if (actor.fault.outcome === 'relaxed') counts.relaxed += 1;
    if (actor.fault.outcome === 'retried') counts.retriedFaults += 1;
  }

  #operationDone(): void {
    const actor = this.#holder;
    if (actor === undefined) throw new Error('an operation ended that nobody had begun');
    this.#holder = undefined;
    this.#holderDoneNs = Infinity;
    const next = this.#queue.shift();
    if (next !== undefined) this.#grant(next, this.#guest.shape.costs.lockHandover);
    this.#runUnlocked(actor);
  }
}

function newActor(id: number, program: GuestProgram): Actor {
  return {
    id,
    program,
    run: { startIpa: 0, count: 0, strideBytes: 0, write: false },
    fault: new GuestFault(),
    doing: 'ended',
    index: 0,
    left: 0,
    hostPage: 0,
    untilNs: Infinity,
    needsLock: false,
    raisedNs: 0,
    askedNs: 0,
  };
}

function pageAt(address: number): number {
  return Math.floor((address - BASE_IPA) / PAGE);
}
