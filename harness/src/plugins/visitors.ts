/**
 * Between the visitors of a strategy and who calls them: an error bears the name of its strategy, and a visitor that
 * never returns is seen.
 */
import { type Strategy, type Wrap, wrapVisitors } from '@s2bench/core';
import { oneLine } from '../cli/errors.ts';

/** A visitor of a strategy has thrown. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
}

/** The same strategy; what a visitor throws becomes a {@link StrategyFault}. A visitor left out stays left out. */
export function guardStrategy(strategy: Strategy): Strategy {
  const guarded = <Result>(name: string, act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      if (error instanceof StrategyFault) throw error;
      throw new StrategyFault(`strategy ${strategy.name} threw in ${name}: ${oneLine(error)}`, { cause: error });
    }
  };
  const wrap: Wrap = (name, visit) => (entry, map) => guarded(name, () => visit(entry, map));
  return wrapVisitors(
    strategy,
    wrap,
    (name, phase) => (log) => guarded(name, () => phase.run(log)),
    (name, run) => (fault) => guarded(name, () => run(fault)),
  );
}

/** A task as a worker gets it. */
export interface Watched<Task> {
  readonly task: Task;
  readonly pulse: SharedArrayBuffer;
}

/** A strategy's visitor takes microseconds; one that takes this long does not return. */
export const VISIT_LIMIT_S = 5;
/** What is said of one that does not. */
export const VISIT_LATE = `a visitor did not return within ${VISIT_LIMIT_S} s`;
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
  const counted = <Result>(act: () => Result): Result => {
    Atomics.add(counts, BEGUN, 1);
    try {
      return act();
    } finally {
      Atomics.add(counts, ENDED, 1);
    }
  };
  const wrap: Wrap = (_name, visit) => (entry, map) => counted(() => visit(entry, map));
  return wrapVisitors(
    strategy,
    wrap,
    (_name, phase) => (log) => counted(() => phase.run(log)),
    (_name, run) => (fault) => counted(() => run(fault)),
  );
}
