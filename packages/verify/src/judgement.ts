/** What a strategy declares to break, held against what was found: the one place where that is judged. */
import type { Strategy } from '@s2bench/core';
import type { RuleName } from './rules/rule.ts';
import { RULE_NAMES } from './rules/rule.ts';
import type { VerifyResult } from './verify-world.ts';

/** What a strategy is held against. */
export interface Expectation {
  readonly name: string;
  /** The rules that it declares to break; none where it declares itself safe, or says nothing. */
  readonly breaks: readonly RuleName[];
  readonly isDeclared: boolean;
}

/** What came of it. */
export interface StrategyJudgement extends Expectation {
  /** Rules that were broken, each once. */
  readonly broken: readonly RuleName[];
  /** Broken, and not declared. */
  readonly unexpected: readonly RuleName[];
  /** Declared, and kept wherever it could have been broken. */
  readonly missing: readonly RuleName[];
  readonly isComplete: boolean;
}

/**
 * Reads what a strategy declares. Names that are no rules are left out: {@link unknownRules} gives them.
 */
export function expectationOf({ name, expects }: Pick<Strategy, 'name' | 'expects'>): Expectation {
  return {
    name,
    breaks: RULE_NAMES.filter((rule) => declaredOf(expects).includes(rule)),
    isDeclared: expects !== undefined,
  };
}

/** Rules that a strategy declares to break and that there are not. */
export function unknownRules({ expects }: Pick<Strategy, 'expects'>): readonly string[] {
  return declaredOf(expects).filter((rule) => !(RULE_NAMES as readonly string[]).includes(rule));
}

function declaredOf(expects: Strategy['expects']): readonly string[] {
  return expects === undefined || expects === 'safe' ? [] : expects;
}

/**
 * Judges a strategy.
 *
 * @param results - of this strategy
 * @param couldShow - rules that were held in every world of a verdict: one of these that was not broken is kept
 */
export function judgeStrategy(
  expectation: Expectation,
  results: readonly Pick<VerifyResult, 'rule' | 'verdict'>[],
  couldShow: readonly RuleName[],
): StrategyJudgement {
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
