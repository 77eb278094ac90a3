/** Wraps a strategy so that an error of its code bears its name. */
import type { Strategy } from '@s2bench/core';
import { oneLine } from '../cli/one-line.ts';

/** A visitor of a strategy has thrown. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
}

const VISITORS = ['tablePre', 'tablePost', 'leaf'] as const;

/** The same strategy; what a visitor throws becomes a {@link StrategyFault}. A visitor left out stays left out. */
export function guardStrategy(strategy: Strategy): Strategy {
  const guarded: { -readonly [K in keyof Strategy]: Strategy[K] } = { ...strategy };
  for (const name of VISITORS) {
    if (strategy[name] === undefined) continue;
    guarded[name] = (entry, map) => {
      try {
        return strategy[name]?.(entry, map);
      } catch (error) {
        if (error instanceof StrategyFault) throw error;
        throw new StrategyFault(`strategy ${strategy.name} threw in ${name}: ${oneLine(error)}`, { cause: error });
      }
    };
  }
  return guarded;
}
