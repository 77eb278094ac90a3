/**
 * Tells a search that takes long from a strategy that never returns: the worker counts when a visitor begins and ends,
 * in memory that the program can read while the worker's own loop is busy.
 */
import type { Strategy } from '@s2bench/core';
import { wrapVisitors } from '../plugins/visitors.ts';

/** A task as a worker gets it. */
export interface Watched<Task> {
  readonly task: Task;
  readonly pulse: SharedArrayBuffer;
}

/** A strategy's visitor takes microseconds; one that takes this long does not return. */
export const VISIT_LIMIT_S = 5;
const LOOKS_PER_S = 4;

const BEGUN = 0;
const ENDED = 1;

/** The program's side. */
export class Pulse {
  readonly shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  readonly #counts = new Int32Array(this.shared);
  #seen = 0;

  /** Calls back where a visitor does not return. The value ends the watch. */
  watch(onStuck: () => void): () => void {
    let looks = 0;
    const timer = setInterval(() => {
      looks = this.#isSameVisit() ? looks + 1 : 0;
      if (looks > VISIT_LIMIT_S * LOOKS_PER_S) onStuck();
    }, 1000 / LOOKS_PER_S);
    return () => clearInterval(timer);
  }

  /** Whether a visitor is running, and was at the last call. */
  #isSameVisit(): boolean {
    const begun = Atomics.load(this.#counts, BEGUN);
    const isRunning = begun !== Atomics.load(this.#counts, ENDED);
    const isSame = isRunning && begun === this.#seen;
    this.#seen = begun;
    return isSame;
  }
}

/** The worker's side: the same strategy, its visitors counted. */
export function watchStrategy(strategy: Strategy, shared: SharedArrayBuffer): Strategy {
  const counts = new Int32Array(shared);
  return wrapVisitors(strategy, (_name, visit) => (entry, map) => {
    Atomics.add(counts, BEGUN, 1);
    try {
      return visit(entry, map);
    } finally {
      Atomics.add(counts, ENDED, 1);
    }
  });
}
