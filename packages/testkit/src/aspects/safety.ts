/** Whether a strategy keeps the safety rules in every interleaving of small worlds. */
import type { Strategy } from '@s2bench/core';
import {
  type History,
  renderCounterexample,
  type Rule,
  RULES,
  verifyWorld,
  type VerifyResult,
  type World,
} from '@s2bench/verify';
import type { Finding } from '../finding.ts';
import type { Conformance } from '../options.ts';

/** Seconds that one world may take, on a busy machine. */
const MAX_SECONDS = 60;

/** In every world: no rule is broken but those that the strategy expects to break, and those are. */
export function checkSafety(strategy: Strategy, { worlds, isEveryWorld }: Conformance): Finding[] {
  const findings = worlds.flatMap((world) => checkWorld(strategy, world));
  return isEveryWorld ? [...findings, ...unfoundExpectations(strategy, worlds)] : findings;
}

/** One world: no rule is broken but those that the strategy expects to break. */
export function checkWorld(strategy: Strategy, world: World): Finding[] {
  const expected = expectedRules(strategy);
  return explorations(
    strategy,
    world,
    RULES.filter(({ name }) => !expected.includes(name)),
  )
    .filter(({ verdict }) => verdict !== 'safe')
    .map(findingOf);
}

/** Rules that the strategy says it breaks, and keeps in every world: a claim that is not true any more. */
function unfoundExpectations(strategy: Strategy, worlds: readonly World[]): Finding[] {
  return expectedRules(strategy)
    .filter((expected) => {
      const rules = RULES.filter(({ name }) => name === expected);
      return !worlds.some((world) => explorations(strategy, world, rules).some(({ verdict }) => verdict === 'unsafe'));
    })
    .map((rule) => ({
      aspect: 'safety',
      rule,
      message: 'it expects to break this rule and keeps it in every world: change expects',
    }));
}

function expectedRules({ expects }: Strategy): readonly string[] {
  return Array.isArray(expects) ? (expects as readonly string[]) : [];
}

function explorations(strategy: Strategy, world: World, rules: readonly Rule[]): VerifyResult[] {
  return world.histories.flatMap((history: History) =>
    [false, true].map((fwb) =>
      verifyWorld(strategy, world, { history, fwb, rules, bounds: { maxSeconds: MAX_SECONDS } }),
    ),
  );
}

function findingOf({ world, history, fwb, rule, counterexample, states, verdict }: VerifyResult): Finding {
  const where = `world ${world}, history ${history}, FWB ${fwb ? 'on' : 'off'}`;
  if (verdict === 'incomplete' || counterexample === undefined) {
    return {
      aspect: 'safety',
      rule: 'progress',
      op: where,
      message: `not explored in full: stopped after ${states} states`,
    };
  }
  const { rows, conclusion } = counterexample;
  const last = rows.at(-1);
  return {
    aspect: 'safety',
    rule: rule ?? counterexample.rule,
    op: `${last?.actions.at(-1) ?? 'the history'} of ${last?.agent ?? 'the host'} (${where})`,
    step: `${rows.length} of ${rows.length}`,
    message: conclusion,
    detail: renderCounterexample(counterexample),
  };
}
