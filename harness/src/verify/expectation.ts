/** Holds what was found of a strategy against what it declares of itself. */
import { RULE_NAMES, type RuleName, type VerifyResult } from '@s2bench/verify';
import type { Expectation } from '../plan/verify-plan.ts';

/** What came of it. */
export interface Judgement extends Expectation {
  /** Rules that were broken, each once. */
  readonly broken: readonly RuleName[];
  /** Broken, and not declared. */
  readonly unexpected: readonly RuleName[];
  /** Declared, and kept wherever it could have been broken. */
  readonly missing: readonly RuleName[];
  readonly isComplete: boolean;
}

/**
 * Judges a strategy.
 *
 * @param results - of this strategy
 * @param couldShow - rules that were held in every world of a verdict: one of these that was not broken is kept
 */
export function judge(
  expectation: Expectation,
  results: readonly VerifyResult[],
  couldShow: readonly RuleName[],
): Judgement {
  const broken = RULE_NAMES.filter((name) => results.some(({ rule }) => rule === name));
  const { breaks } = expectation;
  const isComplete = results.every(({ verdict }) => verdict !== 'incomplete');
  return {
    ...expectation,
    broken,
    unexpected: broken.filter((name) => !breaks.includes(name)),
    // Where a bound was met, the rule may be broken behind it.
    missing: isComplete ? breaks.filter((name) => couldShow.includes(name) && !broken.includes(name)) : [],
    isComplete,
  };
}
