/** Watches what guests read with their caches off: the stale reads. */
import type { Memslot } from '@s2bench/kernel';
import type { CacheState } from './cache-state.ts';
import type { StageCounters } from './counters.ts';
import type { Vcpu } from './vcpu.ts';

/** Told of the accesses that vCPUs have done. */
export interface CacheWatch {
  /** `count` accesses of the vCPU's loop, from its index on, have hit. */
  accessed(vcpu: Vcpu, count: number): void;
}

/** For guests that run with their caches on, or a machine that keeps them coherent (FEAT_S2FWB). */
export const NOTHING_STALE: CacheWatch = { accessed: () => {} };

/** Counts accesses that reach a page whose last host store was not cleaned to the point of coherency. */
export class StaleReadCounter implements CacheWatch {
  readonly #caches: CacheState;
  readonly #slot: Memslot;
  readonly #counters: StageCounters;

  constructor(caches: CacheState, slot: Memslot, counters: StageCounters) {
    this.#caches = caches;
    this.#slot = slot;
    this.#counters = counters;
  }

  accessed(vcpu: Vcpu, count: number): void {
    const { strideBytes } = vcpu.run;
    const { backing } = this.#slot;
    const address = vcpu.addressAt(vcpu.index);
    const first = this.#slot.backingOffsetOf(address) + backing.physAddress;
    if (strideBytes === backing.pageSizeBytes) {
      this.#counters.staleReads += this.#caches.dirtyPagesIn(first, count * strideBytes);
      return;
    }
    for (let index = 0; index < count; index++) {
      this.#counters.staleReads += this.#caches.dirtyPagesIn(first + index * strideBytes, 1);
    }
  }
}
