/**
 * Between the visitors of a strategy and who calls them: an error bears the name of its strategy, and a visitor that
 * never returns is seen.
 */
import type {
  MapOperation,
  Stage2Entry,
  Strategy,
  V6Entry,
  V6MapOperation,
  V6Visitors,
  VisitResult,
} from '@s2bench/core';
import { oneLine } from '../cli/errors.ts';

/** The names of the visitors. */
export const VISITORS = ['tablePre', 'tablePost', 'leaf'] as const;
/** The name of a visitor. */
export type VisitorName = (typeof VISITORS)[number];

/** The names of the visitors of the walker of v6.2. */
export const V6_VISITORS = ['tablePre', 'leaf'] as const;

type Visit<Entry, Map> = (entry: Entry, map: Map) => VisitResult;

/** Puts another function around a visitor, of whichever walker it is. */
type Wrap = <Entry, Map>(name: string, visit: Visit<Entry, Map>) => Visit<Entry, Map>;

/** The same strategy, each of its visitors within another function. A visitor left out stays left out. */
export function wrapVisitors(strategy: Strategy, wrap: Wrap): Strategy {
  const wrapped: { -readonly [K in keyof Strategy]: Strategy[K] } = { ...strategy };
  for (const name of VISITORS) {
    const visit: Visit<Stage2Entry, MapOperation> = (entry, map) => strategy[name]?.(entry, map);
    if (strategy[name] !== undefined) wrapped[name] = wrap(name, visit);
  }
  const { v6 } = strategy;
  if (v6 === undefined) return wrapped;
  const later: { -readonly [K in keyof V6Visitors]: V6Visitors[K] } = {};
  for (const name of V6_VISITORS) {
    const visit: Visit<V6Entry, V6MapOperation> = (entry, map) => v6[name]?.(entry, map);
    if (v6[name] !== undefined) later[name] = wrap(`v6.${name}`, visit);
  }
  wrapped.v6 = later;
  return wrapped;
}

/** A visitor of a strategy has thrown. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
}

/** The same strategy; what a visitor throws becomes a {@link StrategyFault}. A visitor left out stays left out. */
export function guardStrategy(strategy: Strategy): Strategy {
  const wrap: Wrap = (name, visit) => (entry, map) => {
    try {
      return visit(entry, map);
    } catch (error) {
      if (error instanceof StrategyFault) throw error;
      throw new StrategyFault(`strategy ${strategy.name} threw in ${name}: ${oneLine(error)}`, { cause: error });
    }
  };
  return wrapVisitors(strategy, wrap);
}

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
  const wrap: Wrap = (_name, visit) => (entry, map) => {
    Atomics.add(counts, BEGUN, 1);
    try {
      return visit(entry, map);
    } finally {
      Atomics.add(counts, ENDED, 1);
    }
  };
  return wrapVisitors(strategy, wrap);
}
