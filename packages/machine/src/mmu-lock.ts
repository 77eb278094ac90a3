/** mmu_lock: a queued spinlock, first come, first served. On arm64 it is one until v5.17, and an rwlock from v5.18 on. */
import type { Actor } from './actor.ts';
import type { Charges } from './charges.ts';
import { charge, placeOf } from './charges.ts';
import type { Costs } from './costs.ts';

const LOCK_ACQUIRE = placeOf('lockAcquire');
const LOCK_HANDOVER = placeOf('lockHandover');

/** What is said where several vCPUs would be in one section at a time. */
export const SHARED_NOT_TIMED =
  'the machine does not time shared sections yet, and this kernel model relaxes pages of a slot that logs under the shared mmu_lock; its option relax-lock=exclusive times them one at a time';

/** Who holds the lock, who waits, and what handing it over costs. */
export class MmuLock {
  readonly #costs: Costs;
  readonly #queue: Actor[] = [];
  #held = false;

  constructor(costs: Costs) {
    this.#costs = costs;
  }

  /** Asks for the lock. Where it is free, the actor gets it after the cost of taking it; else it waits. */
  request(actor: Actor, nowNs: number): void {
    actor.lockRequestedNs = nowNs;
    if (this.#held) {
      actor.state = 'waiting';
      actor.readyNs = Infinity;
      this.#queue.push(actor);
      return;
    }
    this.#held = true;
    actor.state = 'granted';
    actor.handedOver = false;
    actor.readyNs = nowNs + this.#costs.lockAcquire;
  }

  /** Charges whoever has the lock how it came to it. */
  chargeTo(charges: Charges, { handedOver }: Actor): void {
    if (handedOver) charge(charges, LOCK_HANDOVER, this.#costs.lockHandover);
    else charge(charges, LOCK_ACQUIRE, this.#costs.lockAcquire);
  }

  /** Gives the lock up; the one that waited longest gets it after a hand-over, and is returned. */
  release(nowNs: number): Actor | undefined {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#held = false;
      return undefined;
    }
    next.state = 'granted';
    next.handedOver = true;
    next.readyNs = nowNs + this.#costs.lockHandover;
    return next;
  }
}
