/** mmu_lock: a queued spinlock, first come, first served. */
import type { Costs } from './costs.ts';
import type { Vcpu } from './vcpu.ts';

/** Who holds the lock, who waits, and what handing it over costs. */
export class MmuLock {
  readonly #costs: Costs;
  readonly #nodes: number;
  readonly #coresPerNode: number;
  readonly #queue: Vcpu[] = [];
  #head = 0;
  #held = false;

  constructor(costs: Costs, topology: { cores: number; coresPerNode: number }) {
    this.#costs = costs;
    this.#coresPerNode = topology.coresPerNode;
    this.#nodes = Math.ceil(topology.cores / topology.coresPerNode);
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
  release(holder: Vcpu, nowNs: number): void {
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
    const remoteNs = this.#nodeOf(holder) === this.#nodeOf(next) ? 0 : this.#costs.lockHandoverRemote;
    next.state = 'granted';
    next.readyNs = nowNs + this.#costs.lockHandover + remoteNs;
  }

  /** vCPUs fill one node after the other, as a scheduler places threads that share memory. */
  #nodeOf(vcpu: Vcpu): number {
    return Math.floor(vcpu.id / this.#coresPerNode) % this.#nodes;
  }
}
