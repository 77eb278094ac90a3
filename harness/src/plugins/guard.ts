/** Wraps a strategy so that an error of its code bears its name. */
import type { Strategy } from '@s2bench/core';
import { oneLine } from '../cli/errors.ts';
import { wrapVisitors } from './visitors.ts';

/** A visitor of a strategy has thrown. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
}

/** The same strategy; what a visitor throws becomes a {@link StrategyFault}. A visitor left out stays left out. */
export function guardStrategy(strategy: Strategy): Strategy {
  return wrapVisitors(strategy, (name, visit) => (entry, map) => {
    try {
      return visit(entry, map);
    } catch (error) {
      if (error instanceof StrategyFault) throw error;
      throw new StrategyFault(`strategy ${strategy.name} threw in ${name}: ${oneLine(error)}`, { cause: error });
    }
  });
}
