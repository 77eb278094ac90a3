/** mmu_lock: a queued spinlock, first come, first served. On arm64 it is one until v5.17, and an rwlock from v5.18 on. */
import type { Costs } from './costs.ts';
import type { Vcpu } from './vcpu.ts';

/** Who holds the lock, who waits, and what handing it over costs. */
export class MmuLock {
  readonly #costs: Costs;
  readonly #queue: Vcpu[] = [];
  #head = 0;
  #held = false;

  constructor(costs: Costs) {
    this.#costs = costs;
  }

  /** Asks for the lock. Where it is free, the vCPU gets it after the cost of taking it; else it waits. */
  request(vcpu: Vcpu, nowNs: number): void {
    vcpu.lockRequestedNs = nowNs;
    if (this.#held) {
      vcpu.state = 'waiting';
      vcpu.readyNs = Infinity;
      this.#queue.push(vcpu);
      return;
    }
    this.#held = true;
    vcpu.state = 'granted';
    vcpu.readyNs = nowNs + this.#costs.lockAcquire;
  }

  /** Gives the lock up; the one that waited longest gets it after a hand-over. */
  release(nowNs: number): void {
    const next = this.#queue[this.#head];
    if (next === undefined) {
      this.#held = false;
      return;
    }
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    next.state = 'granted';
    next.readyNs = nowNs + this.#costs.lockHandover;
  }
}
