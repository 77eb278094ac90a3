/**
 * The visitors of a strategy, of whichever walker: their names, and a function around each of them. For who calls them, and
 * for a strategy that is another one with something around it.
 */
import type { Stage2Entry, VisitResult } from './entry.ts';
import { LOG_HOOKS, type LogPhase } from './log-hooks.ts';
import type { MapOperation, Strategy, Visitors, Walker } from './strategy.ts';
import type { V6Entry, V6MapOperation, V6Visitors } from './strategy-v6.ts';
import type { BeforeLock } from './unlocked.ts';

/** The names of the visitors of the walker of v5.11 to v6.1. */
export const VISITORS = ['tablePre', 'tablePost', 'leaf'] as const satisfies readonly (keyof Visitors)[];
/** The name of such a visitor. */
export type VisitorName = (typeof VISITORS)[number];

/** The names of the visitors of the walker of v6.2. */
export const V6_VISITORS = ['tablePre', 'leaf'] as const satisfies readonly (keyof V6Visitors)[];

/** A visitor, of whichever walker it is. */
export type Visit<Entry, Map> = (entry: Entry, map: Map) => VisitResult;

/** Puts another function around a visitor. `name` is as messages have it: `tablePre`, `v6.tablePre`. */
export type Wrap = <Entry extends object, Map extends object>(
  name: string,
  visit: Visit<Entry, Map>,
  walker: Walker,
) => Visit<Entry, Map>;

/** Puts another function around a phase of a hook. `name` is as messages have it: `logStop.zap`. */
export type WrapPhase = (name: string, phase: LogPhase) => LogPhase['run'];

/** Puts another function around what a fault does before it takes mmu_lock. */
export type WrapUnlocked = (name: string, run: BeforeLock) => BeforeLock;

/**
 * The same strategy, each of its visitors, each phase of its hooks, and what it does before the lock within another function.
 * What is left out stays left out.
 */
export function wrapVisitors(
  strategy: Strategy,
  wrap: Wrap,
  wrapPhase: WrapPhase,
  wrapUnlocked: WrapUnlocked,
): Strategy {
  const wrapped: { -readonly [K in keyof Strategy]: Strategy[K] } = { ...strategy };
  for (const hook of LOG_HOOKS) {
    const phases = strategy[hook];
    if (phases === undefined) continue;
    wrapped[hook] = phases.map((phase) => ({ ...phase, run: wrapPhase(`${hook}.${phase.name}`, phase) }));
  }
  for (const name of VISITORS) {
    const visit: Visit<Stage2Entry, MapOperation> = (entry, map) => strategy[name]?.(entry, map);
    if (strategy[name] !== undefined) wrapped[name] = wrap(name, visit, 'v5');
  }
  if (strategy.beforeLock !== undefined)
    wrapped.beforeLock = wrapUnlocked('beforeLock', (fault) => strategy.beforeLock?.(fault));
  const { v6 } = strategy;
  if (v6 === undefined) return wrapped;
  const later: { -readonly [K in keyof V6Visitors]: V6Visitors[K] } = {};
  for (const name of V6_VISITORS) {
    const visit: Visit<V6Entry, V6MapOperation> = (entry, map) => v6[name]?.(entry, map);
    if (v6[name] !== undefined) later[name] = wrap(`v6.${name}`, visit, 'v6');
  }
  wrapped.v6 = later;
  return wrapped;
}
