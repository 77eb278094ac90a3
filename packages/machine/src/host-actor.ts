/** The host as an actor beside the vCPUs: its tasks, one after the other, in time. */
import type { HostTask } from '@s2bench/kernel';
import type { Actor, ActorState } from './actor.ts';
import type { Vcpu } from './vcpu.ts';

/** A task of the host, and when it may begin. */
export interface PlannedTask {
  /** Makes the task: when it begins, not before, since a task looks at the state that it finds. */
  readonly begin: () => HostTask;
  /** Simulated time before which it does not begin. */
  readonly earliestNs: number;
}

/** A task that has ended. */
export interface TaskTime {
  readonly task: HostTask;
  readonly beganNs: number;
  readonly endedNs: number;
}

/** One thread of the host. */
export class HostActor implements Actor {
  /** Its number among the agents: after the last vCPU. */
  readonly id: number;
  state: ActorState = 'host';
  readyNs = Infinity;
  lockRequestedNs = 0;
  handedOver = false;
  sharesLock = false;
  readsLock = false;
  lineNs = 0;
  task: HostTask | undefined;
  beganNs = 0;
  /** vCPUs whose faults its next phase waits for: they looked up a memslot that was replaced since. */
  readonly waitsFor = new Set<Vcpu>();
  readonly ended: TaskTime[] = [];
  readonly #planned: readonly PlannedTask[];
  #next = 0;

  constructor(id: number, planned: readonly PlannedTask[], startNs: number) {
    this.id = id;
    this.#planned = planned;
    this.plan(startNs);
  }

  /** Waits for its next task; ends where there is none. */
  plan(nowNs: number): void {
    const next = this.#planned[this.#next];
    this.task = undefined;
    this.state = next === undefined ? 'done' : 'host';
    this.readyNs = next === undefined ? Infinity : Math.max(nowNs, next.earliestNs);
  }

  /** Begins the task that was planned. */
  begin(nowNs: number): HostTask {
    const planned = this.#planned[this.#next++];
    if (planned === undefined) throw new Error('the host has no task to begin');
    this.beganNs = nowNs;
    this.task = planned.begin();
    return this.task;
  }
}
