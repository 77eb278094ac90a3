/** Watches what guests read with their caches off: the stale reads. */
import type { AccessRun, Memslot } from '@s2bench/kernel';
import type { CacheState } from './cache-state.ts';
import type { StageCounters } from './counters.ts';

/** Told of the accesses that vCPUs have done. */
export interface CacheWatch {
  /** `count` accesses of a vCPU's loop, from an index of it on, have hit. */
  accessed(run: AccessRun, index: number, count: number): void;
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

  accessed({ startIpa, strideBytes }: AccessRun, index: number, count: number): void {
    const { backing } = this.#slot;
    const first = this.#slot.backingOffsetOf(startIpa + index * strideBytes);
    if (strideBytes === backing.pageSizeBytes) {
      const dirty = this.#caches.dirtyPagesIn(backing.physAddress + first, count * strideBytes);
      // Memory of hugetlbfs is the slot's own from the first touch; elsewhere a page may still be the zero page.
      if (dirty === 0 || backing.kind === 'hugetlb') {
        this.#counters.staleReads += dirty;
        return;
      }
    }
    for (let access = 0; access < count; access++) {
      const address = backing.physAddressOf(first + access * strideBytes);
      this.#counters.staleReads += this.#caches.dirtyPagesIn(address, 1);
    }
  }
}
