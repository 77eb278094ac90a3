/** The rules that a strategy is held to. */
import type { Strategy } from '@s2bench/core';
import { expectationOf, type Rule, RULES } from '@s2bench/verify';

/** All rules but those that the strategy says it breaks: what is declared is no finding. */
export function rulesToKeep(strategy: Strategy): readonly Rule[] {
  const { breaks } = expectationOf(strategy);
  return RULES.filter(({ name }) => !breaks.includes(name));
}
