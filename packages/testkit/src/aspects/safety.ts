/** Whether a strategy keeps the safety rules in every interleaving of small worlds. */
import type { Strategy } from '@s2bench/core';
import {
  type AnyWorld,
  architectureFor,
  expectationOf,
  isRealTable,
  judgeStrategy,
  renderCounterexample,
  RULE_NAMES,
  type RuleName,
  verifySetting,
  type VerifyResult,
} from '@s2bench/verify';
import type { Finding } from '../finding.ts';
import { worldKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';

/** Seconds that one world may take, on a busy machine. */
const MAX_SECONDS = 60;

/** In every world: no rule is broken but those that the strategy expects to break, and those are. */
export function checkSafety(strategy: Strategy, { worlds, isEveryWorld }: Conformance): Finding[] {
  return findingsOf(
    strategy,
    worlds.flatMap((world) => explorations(strategy, world)),
    isEveryWorld,
  );
}

/** One world: no rule is broken but those that the strategy expects to break. */
export function checkWorld(strategy: Strategy, world: AnyWorld): Finding[] {
  return findingsOf(strategy, explorations(strategy, world), false);
}

/** @param isEveryWorld - what was not found is nowhere */
function findingsOf(strategy: Strategy, results: readonly VerifyResult[], isEveryWorld: boolean): Finding[] {
  const { unexpected, missing } = judgeStrategy(expectationOf(strategy), results, isEveryWorld ? RULE_NAMES : []);
  return [
    ...results
      .filter(({ verdict, rule }) => verdict === 'incomplete' || (rule !== undefined && unexpected.includes(rule)))
      .map(findingOf),
    ...missing.map((rule): Finding => ({
      aspect: 'safety',
      rule,
      message: 'it expects to break this rule and keeps it in every world: change expects',
    })),
  ];
}

/** Where a rule is broken, what else is broken is looked for without it. */
function explorations(strategy: Strategy, world: AnyWorld): VerifyResult[] {
  const kernels = worldKernels(strategy);
  const { arch, fwb: onlyFwb } = architectureFor(strategy.needs);
  const settings = world.histories.flatMap((history) => kernels.map((kernel) => ({ history, kernel })));
  return settings.flatMap(({ history, kernel }) =>
    // With FWB a table of real size has fewer cleans to be judged, and nothing else is different.
    (onlyFwb ? [true] : isRealTable(world) ? [false] : [false, true]).flatMap((fwb) => {
      const results: VerifyResult[] = [];
      for (let rules: readonly RuleName[] = RULE_NAMES; rules.length > 0;) {
        const bounds = { maxSeconds: MAX_SECONDS };
        const result = verifySetting({ strategy }, world, { history, fwb, arch, kernel, rules, bounds });
        results.push(result);
        if (result.rule === undefined) break;
        rules = rules.filter((name) => name !== result.rule);
      }
      return results;
    }),
  );
}

function findingOf({ world, history, fwb, rule, counterexample, foundAt, states, verdict }: VerifyResult): Finding {
  if (rule !== undefined && foundAt !== undefined) {
    const { population, action, what } = foundAt;
    const op = `map of a block (table ${world}, population ${population}, FWB ${fwb ? 'on' : 'off'})`;
    return { aspect: 'safety', rule, op, step: action === 0 ? 'its return' : String(action), message: what };
  }
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
