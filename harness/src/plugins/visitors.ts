/** The visitors of a strategy, and how to stand between them and who calls them. */
import type { MapOperation, Stage2Entry, Strategy, VisitResult } from '@s2bench/core';

/** The names of the visitors. */
export const VISITORS = ['tablePre', 'tablePost', 'leaf'] as const;
/** The name of a visitor. */
export type VisitorName = (typeof VISITORS)[number];

type Visitor = (entry: Stage2Entry, map: MapOperation) => VisitResult;

/** The same strategy, each of its visitors within another function. A visitor left out stays left out. */
export function wrapVisitors(strategy: Strategy, wrap: (name: VisitorName, visit: Visitor) => Visitor): Strategy {
  const wrapped: { -readonly [K in keyof Strategy]: Strategy[K] } = { ...strategy };
  for (const name of VISITORS) {
    if (strategy[name] !== undefined) wrapped[name] = wrap(name, (entry, map) => strategy[name]?.(entry, map));
  }
  return wrapped;
}
