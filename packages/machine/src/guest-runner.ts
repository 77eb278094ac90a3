/**
 * Runs vCPUs against a virtual machine in simulated time: an event-driven scheduler.
 *
 * What is done under mmu_lock runs as one call of the real stage-2 code. Whenever an effect of it takes time, the
 * events of the other vCPUs up to then are processed before the next store: they see the table exactly as it is at
 * their time. They cannot change it, since the lock is held. Where it is shared: `shared-sections.ts`.
 */
import type { Ipa, Pa } from '@s2bench/core/stage2';
import type { GuestProgram } from '@s2bench/kernel';
import { needsLock, runSection } from '@s2bench/kernel';
import type { Actor } from './actor.ts';
import { answerFault, chargesOf, type FaultOptions } from './answer-fault.ts';
import type { CacheWatch } from './cache-watch.ts';
import { NOTHING_STALE } from './cache-watch.ts';
import { chargeAccesses } from './charges.ts';
import { CommonCount } from './common-count.ts';
import { EventQueue } from './event-queue.ts';
import type { HostActor, PlannedTask } from './host-actor.ts';
import { HostRunner, type Scheduler } from './host-runner.ts';
import { AccessSums, type LoopPlanner } from './loop-plan.ts';
import { LocalTimeline, type Timeline } from './machine-effects.ts';
import { SharedSections } from './shared-sections.ts';
import { SlowestVcpu } from './slowest-vcpu.ts';
import type { Flush, Tlbs } from './tlbs.ts';
import { Vcpu } from './vcpu.ts';

/** What a runner works with. */
export interface GuestRunnerOptions extends FaultOptions {
  /** Nanoseconds of one access by number of vCPUs that run. */
  readonly accessNs: Float64Array;
  readonly caches: CacheWatch;
  readonly loops: LoopPlanner;
  /** Left out: they are not modelled. */
  readonly tlbs: Tlbs | undefined;
}

/** Runs one program on each vCPU until all have ended or the caller has seen enough. */
export class GuestRunner implements Scheduler {
  nowNs: number;
  readonly vcpus: readonly Vcpu[];

  readonly #options: GuestRunnerOptions;
  readonly #local = new LocalTimeline();
  readonly #host: HostRunner;
  readonly #common: CommonCount;
  /** Told of every change of what a vCPU's event is, or when. */
  readonly #events: EventQueue<Vcpu>;
  /** What sections that share the lock have stored. One vCPU has nobody to share it with: the host's sections exclude it. */
  readonly #shared: SharedSections | undefined;
  readonly #granted = (actor: Actor): void => {
    if (actor instanceof Vcpu) this.#events.changed(actor);
  };
  readonly #timeAt = (count: number): number => this.#common.timeAt(count);
  /** Time of the earliest event, or a time before it. */
  #nextEventNs = 0;
  #advancing = false;
  readonly #slowest: SlowestVcpu;
  /** Accesses of all guests together. */
  readonly #sums = new AccessSums();
  /** Accesses after which a vCPU stops, wherever its program stands. */
  #lastAccess = Infinity;

  /** @param planned - what the host does meanwhile, one task after the other */
  constructor(options: GuestRunnerOptions, programs: readonly GuestProgram[], planned: readonly PlannedTask[] = []) {
    this.#options = options;
    this.nowNs = options.startNs;
    this.#common = new CommonCount(options.accessNs, options.startNs);
    this.#local.cachesChange = () => this.cachesChange();
    this.vcpus = programs.map((program, id) => new Vcpu(id, program));
    this.#slowest = new SlowestVcpu(this.vcpus);
    this.#events = new EventQueue(programs.length);
    this.#shared = programs.length > 1 ? new SharedSections(options, this.vcpus) : undefined;
    this.#host = new HostRunner(options, this, this.#local, planned);
    for (const vcpu of this.vcpus) {
      if (vcpu.nextRun()) this.#enterGuest(vcpu);
      else this.#finish(vcpu);
    }
  }

  get host(): HostActor {
    return this.#host.actor;
  }

  /** When the last vCPU and the host ended; meaningful once {@link step} has returned `false`. */
  get finishedNs(): number {
    const hostNs = this.host.ended.at(-1)?.endedNs ?? this.#options.startNs;
    return this.vcpus.reduce((latest, vcpu) => Math.max(latest, vcpu.finishedNs), hostNs);
  }

  /** Accesses that the slowest vCPU has done. */
  get slowestAccesses(): number {
    return this.#slowest.accesses;
  }

  /** The same in accesses of the profile. */
  get slowestUnits(): number {
    return this.#slowest.units;
  }

  /** Accesses that the vCPU has done that is furthest. */
  get furthestAccesses(): number {
    return this.vcpus.reduce((most, vcpu) => Math.max(most, vcpu.accesses), 0);
  }

  /**
   * For a stage that is not run to its end: lets every vCPU come to where the first of them is, and stop there. What
   * they did together until now, they have then all done.
   */
  drain(): void {
    this.#goTo(this.nowNs);
    this.#lastAccess = Math.max(...this.vcpus.map((vcpu) => vcpu.begunAt(this.#common.count)));
    for (const vcpu of this.vcpus) {
      if (vcpu.state !== 'guest') continue;
      vcpu.stopAt = Math.min(vcpu.stopAt, vcpu.plannedAt + (this.#lastAccess - vcpu.accesses) * vcpu.plan.each);
      this.#events.changed(vcpu);
    }
  }

  /** Processes the next event; `false`, once, when every vCPU and the host have ended. */
  step(): boolean {
    const actor = this.#nextEvent();
    const eventNs = actor === undefined ? Infinity : this.#eventNs(actor);
    const dueNs = this.#shared?.stores.nextNs ?? Infinity;
    if (dueNs < Infinity && dueNs <= eventNs) {
      this.#goTo(dueNs);
      this.#shared?.stores.makeNextVisible(this);
      return true;
    }
    if (actor === undefined) {
      if (this.host.state === 'waiting') throw new Error('the host waits for a fault that never ends');
      this.#shared?.freeAll(this.#local);
      this.#chargeAll();
      return false;
    }
    this.#goTo(eventNs);
    this.#handle(actor);
    return true;
  }

  // Timeline of whoever holds the lock.

  passed(): void {
    if (this.nowNs < this.#nextEventNs || this.#advancing) return;
    this.#advancing = true;
    const holderNs = this.nowNs;
    const { effects, vm } = this.#options;
    const { agent, task, phase } = vm.origin;
    const { charges, waitedNs } = effects;
    for (;;) {
      const actor = this.#nextEvent();
      const eventNs = actor === undefined ? Infinity : this.#eventNs(actor);
      if (actor === undefined || eventNs > holderNs) {
        this.#nextEventNs = eventNs;
        break;
      }
      this.#goTo(eventNs);
      this.#handle(actor);
    }
    vm.origin.agent = agent;
    vm.origin.task = task;
    vm.origin.phase = phase;
    this.nowNs = holderNs;
    this.#advancing = false;
    effects.timeline = this;
    effects.charges = charges;
    effects.waitedNs = waitedNs;
  }

  tookAway(address: Ipa, sizeBytes: number): void {
    this.#goTo(this.nowNs);
    for (const vcpu of this.vcpus) {
      if (vcpu.state === 'guest' && vcpu.cut(this.#common.count, address, address + sizeBytes))
        this.#events.changed(vcpu);
    }
    this.#nextEventNs = 0;
  }

  flushed(flush: Flush, address: Ipa, sizeBytes: number): void {
    const { tlbs } = this.#options;
    if (tlbs === undefined) return;
    this.#goTo(this.nowNs);
    tlbs.flush(flush, address, sizeBytes);
    for (const vcpu of this.vcpus) if (vcpu.state === 'guest' && vcpu.flushed(this.#common.count)) this.#changed(vcpu);
  }

  cleaned(address: Pa, sizeBytes: number): void {
    this.#options.effects.cleaned(address, sizeBytes);
  }

  eventsChanged(): void {
    this.#nextEventNs = 0;
  }

  cachesChange(): void {
    if (this.#options.caches === NOTHING_STALE) return;
    this.#goTo(this.nowNs);
    for (const vcpu of this.vcpus) {
      if (vcpu.state === 'guest') this.#watch(vcpu, Math.floor((this.#common.count - vcpu.plannedAt) / vcpu.plan.each));
    }
  }

  /** What its event is, or when, has changed. */
  #changed(vcpu: Vcpu): void {
    this.#events.changed(vcpu);
    this.#nextEventNs = 0;
  }

  #nextEvent(): Actor | undefined {
    const next = this.#events.next(this.#timeAt);
    return this.host.readyNs < (next === undefined ? Infinity : this.#eventNs(next)) ? this.host : next;
  }

  #eventNs(actor: Actor): number {
    return actor.state === 'guest' && actor instanceof Vcpu ? this.#common.timeAt(actor.stopAt) : actor.readyNs;
  }

  /** Moves the clock and the common count to a time. */
  #goTo(timeNs: number): void {
    this.#common.goTo(timeNs);
    this.nowNs = timeNs;
  }

  #handle(actor: Actor): void {
    if (!(actor instanceof Vcpu)) {
      this.#host.handle();
      return;
    }
    const { id, state } = actor;
    if (state === 'guest') this.#stopLoop(actor);
    else if (state === 'host') this.#hostPhaseEnded(actor);
    else if (state === 'granted') this.#hasLock(actor);
    else if (state === 'leaving' || (state === 'locked' && actor.sharesLock)) this.#leaveLock(actor);
    else throw new Error(`vCPU ${id}: no event is due while it is ${state}`);
  }

  #stopLoop(vcpu: Vcpu): void {
    // The count comes from a division: make it exact where the event is.
    this.#common.count = Math.max(this.#common.count, vcpu.stopAt);
    const { plan } = vcpu;
    const done = Math.round((vcpu.stopAt - vcpu.plannedAt) / plan.each);
    this.#watch(vcpu, done);
    if (done > 0) this.#slowest.moves(vcpu);
    const tlb = this.#options.tlbs?.of[vcpu.id];
    if (tlb !== undefined && done > 0) this.#options.loops.done(plan, tlb, vcpu.run, vcpu.index, done);
    vcpu.index += done;
    vcpu.units += done * plan.each;
    vcpu.watched = 0;
    this.#sums.add(plan, done);
    this.#common.running--;
    if (vcpu.accesses >= this.#lastAccess || (vcpu.index === vcpu.run.count && !vcpu.nextRun())) this.#finish(vcpu);
    else this.#enterGuest(vcpu);
  }

  /** Shows the watcher what has been accessed since it last looked, of what was done since the loop's plan was made. */
  #watch(vcpu: Vcpu, done: number): void {
    if (done > vcpu.watched) this.#options.caches.accessed(vcpu.run, vcpu.index + vcpu.watched, done - vcpu.watched);
    vcpu.watched = Math.max(vcpu.watched, done);
  }

  /** Tries the access that the loop stands at: runs on from there, or raises a fault. */
  #enterGuest(vcpu: Vcpu): void {
    const { loops, tlbs } = this.#options;
    const { plan, run, index } = vcpu;
    let most = run.count - index;
    // Infinity would make a float of what counts in a loop.
    if (this.#lastAccess < Infinity) most = Math.min(most, this.#lastAccess - vcpu.accesses);
    const hits = loops.plan(plan, tlbs?.of[vcpu.id], run, index, most);
    if (hits === 0) {
      this.#raise(vcpu, vcpu.addressAt(index));
      return;
    }
    if (vcpu.lost) this.#stallEnded(vcpu);
    vcpu.state = 'guest';
    this.#options.watch?.became(vcpu.id, 'guest', this.nowNs);
    vcpu.readyNs = Infinity;
    vcpu.plannedAt = this.#common.count;
    vcpu.stopAt = this.#common.count + hits * plan.each;
    this.#common.running++;
    this.#changed(vcpu);
  }

  #raise(vcpu: Vcpu, address: Ipa): void {
    const { counters } = this.#options;
    const { kind, level } = this.#options.loops.check;
    if (kind === 'translation') counters.translationFaults++;
    else counters.permissionFaults++;
    vcpu.raisedNs = this.nowNs;
    if (!vcpu.lost) vcpu.stalledNs = this.nowNs;
    if (this.#options.accounts !== undefined) vcpu.account.begin();
    this.#options.vm.raise(vcpu.fault, address, vcpu.run.write, false, kind, level);
    this.#runUnlocked(vcpu);
  }

  #runUnlocked(vcpu: Vcpu): void {
    const { accounts, effects, vm } = this.#options;
    effects.forgetBefore(this.nowNs);
    vcpu.state = 'host';
    this.#options.watch?.became(vcpu.id, 'host', this.nowNs);
    this.#local.nowNs = this.nowNs;
    effects.timeline = this.#local;
    effects.charges = chargesOf(this.#options, vcpu);
    const waitedNs = effects.waitedNs;
    this.#shared?.look();
    // Where the lock was dropped only to be taken again, nothing is done without it.
    if (!needsLock(vcpu.fault)) {
      vm.origin.agent = vcpu.id;
      runSection(vcpu.fault, vm.origin);
    }
    this.#shared?.looked();
    vcpu.wantsLock = needsLock(vcpu.fault);
    effects.timeline = this;
    if (accounts !== undefined) vcpu.account.ran(this.#local.nowNs - this.nowNs - (effects.waitedNs - waitedNs));
    vcpu.readyNs = this.#local.nowNs;
    this.#changed(vcpu);
  }

  #hostPhaseEnded(vcpu: Vcpu): void {
    if (vcpu.wantsLock) {
      const reads = vcpu.fault.phase?.lock === 'shared';
      this.#options.watch?.became(vcpu.id, 'waiting', this.nowNs);
      this.#options.lock.ask(vcpu, this.nowNs, reads, this.#shared !== undefined);
      this.#changed(vcpu);
      return;
    }
    if (vcpu.fault.phase !== undefined) {
      this.#runUnlocked(vcpu);
      return;
    }
    if (vcpu.retries) {
      vcpu.retries = false;
      this.#enterGuest(vcpu);
      return;
    }
    if (!vcpu.lost) this.#stallEnded(vcpu);
    this.#options.accounts?.add(vcpu.fault.kind, vcpu.account);
    if (this.#host.faultEnded(vcpu)) this.#host.nextPhase();
    if (vcpu.lost && this.#shared?.loseAgain(vcpu, this.nowNs) === true) {
      this.#changed(vcpu);
      return;
    }
    this.#enterGuest(vcpu);
  }

  /** The vCPU goes on in the guest, or with a fault that it has not lost. */
  #stallEnded(vcpu: Vcpu): void {
    vcpu.lost = false;
    this.#options.counters.stalled(this.nowNs - vcpu.stalledNs);
    this.#options.watch?.faultEnded(vcpu.id, vcpu.stalledNs, this.nowNs);
  }

  #hasLock(vcpu: Vcpu): void {
    this.#options.counters.lockWaitNs += this.nowNs - vcpu.lockRequestedNs;
    vcpu.state = 'locked';
    this.#options.watch?.became(vcpu.id, 'locked', this.nowNs);
    vcpu.readyNs = Infinity;
    if (this.#shared !== undefined && vcpu.sharesLock) {
      this.#shared.run(vcpu, this.nowNs, this.#answer);
      this.#events.changed(vcpu);
      return;
    }
    this.#changed(vcpu);
    this.#answer(vcpu, this);
    this.releaseLock();
    this.#runUnlocked(vcpu);
  }

  /** The section is over for which a vCPU shared the lock, or it has been at the lock's line. */
  #leaveLock(vcpu: Vcpu): void {
    if (this.#options.lock.leave(vcpu, this.nowNs, chargesOf(this.#options, vcpu), this.#granted))
      this.#runUnlocked(vcpu);
    else this.#changed(vcpu);
  }

  readonly #answer = (vcpu: Vcpu, timeline: Timeline): void => answerFault(this.#options, vcpu, timeline);

  releaseLock(): void {
    this.#goTo(this.nowNs);
    this.#options.lock.release(this.nowNs, this.#granted);
  }

  /** Once all have ended: charges what guests did, and the faults that have accounts of their own. */
  #chargeAll(): void {
    const { accessNs, accounts, counters, loops } = this.#options;
    chargeAccesses(counters.charges, this.#common.guestNs, loops.timeOf(this.#sums, accessNs[1] ?? 0));
    accounts?.chargeTo(counters.charges);
  }

  #finish(vcpu: Vcpu): void {
    vcpu.state = 'done';
    this.#options.watch?.became(vcpu.id, 'done', this.nowNs);
    vcpu.readyNs = Infinity;
    this.#events.changed(vcpu);
    vcpu.finishedNs = this.nowNs;
  }
}
