/** Runs the host's tasks in simulated time: what each phase waits for, and the lock that it takes. */
import type { VirtualMachine } from '@s2bench/kernel';
import { runSection } from '@s2bench/kernel';
import type { StageCounters } from './counters.ts';
import { HostActor, type PlannedTask } from './host-actor.ts';
import type { LocalTimeline, MachineEffects, Timeline } from './machine-effects.ts';
import type { MmuLock } from './mmu-lock.ts';
import type { Vcpu } from './vcpu.ts';
import type { MachineWatch } from './watch.ts';

/** What host and vCPUs work with. */
export interface HostRunnerOptions {
  readonly vm: VirtualMachine;
  readonly effects: MachineEffects;
  readonly lock: MmuLock;
  readonly counters: StageCounters;
  readonly startNs: number;
  /** Who listens, if anybody. */
  readonly watch?: MachineWatch | undefined;
}

/** Who runs the vCPUs that the host stands beside, and keeps the clock. */
export interface Scheduler extends Timeline {
  readonly vcpus: readonly Vcpu[];
  /** There may be an event earlier than the one that was known to be next. */
  eventsChanged(): void;
  /** Gives mmu_lock back now. */
  releaseLock(): void;
}

/** Runs what one thread of the host does beside the vCPUs. */
export class HostRunner {
  readonly actor: HostActor;
  readonly #options: HostRunnerOptions;
  readonly #scheduler: Scheduler;
  readonly #local: LocalTimeline;

  /** @param local - the time of whoever works without mmu_lock */
  constructor(options: HostRunnerOptions, scheduler: Scheduler, local: LocalTimeline, planned: readonly PlannedTask[]) {
    this.#options = options;
    this.#scheduler = scheduler;
    this.#local = local;
    this.actor = new HostActor(scheduler.vcpus.length, planned, options.startNs);
  }

  /** A fault of a vCPU is over; whether it was the last that the host waited for. */
  faultEnded(vcpu: Vcpu): boolean {
    const { waitsFor } = this.actor;
    return waitsFor.delete(vcpu) && waitsFor.size === 0;
  }

  /** Handles the host's event. */
  handle(): void {
    const { actor } = this;
    if (actor.state === 'granted') {
      const { counters, effects, lock } = this.#options;
      actor.state = 'locked';
      this.#options.watch?.became(actor.id, 'locked', this.#scheduler.nowNs);
      actor.readyNs = Infinity;
      const grantedNs = this.#scheduler.nowNs;
      this.#scheduler.eventsChanged();
      effects.timeline = this.#scheduler;
      lock.chargeTo(counters.charges, actor);
      this.#runSection();
      effects.operationEnded();
      counters.hostHeldLock(this.#scheduler.nowNs - grantedNs);
      this.#scheduler.releaseLock();
    } else if (actor.task === undefined) actor.begin(this.#scheduler.nowNs);
    this.nextPhase();
  }

  /** Goes on with the task: waits for faults of an old memslot, asks for the lock, or does without it what needs none. */
  nextPhase(): void {
    const { actor } = this;
    const { effects, lock, watch } = this.#options;
    const { nowNs, vcpus } = this.#scheduler;
    this.#scheduler.eventsChanged();
    const { task } = actor;
    const next = task?.phase;
    if (task === undefined || next === undefined) {
      if (task !== undefined) {
        actor.ended.push({ task, beganNs: actor.beganNs, endedNs: nowNs });
        this.#options.counters.hostTaskEnded(task.name, nowNs - actor.beganNs);
      }
      actor.plan(nowNs);
      watch?.became(actor.id, 'done', nowNs);
      return;
    }
    if (actor.state !== 'waiting' && next.waits !== undefined) {
      for (const vcpu of vcpus) if (vcpu.state !== 'guest' && vcpu.state !== 'done') actor.waitsFor.add(vcpu);
      if (actor.waitsFor.size > 0) {
        actor.state = 'waiting';
        watch?.became(actor.id, 'waiting', nowNs);
        actor.readyNs = Infinity;
        return;
      }
    }
    if (next.lock !== 'none') {
      watch?.became(actor.id, 'waiting', nowNs);
      lock.request(actor, nowNs);
      return;
    }
    effects.forgetBefore(nowNs);
    watch?.became(actor.id, 'host', nowNs);
    this.#local.nowNs = nowNs;
    effects.timeline = this.#local;
    this.#runSection();
    effects.timeline = this.#scheduler;
    actor.state = 'host';
    actor.readyNs = this.#local.nowNs;
  }

  #runSection(): void {
    const { actor } = this;
    const { counters, effects, vm } = this.#options;
    if (actor.task === undefined) throw new Error('the host has the lock and no task');
    vm.origin.agent = actor.id;
    effects.charges = counters.charges;
    runSection(actor.task, vm.origin);
  }
}
