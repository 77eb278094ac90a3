/** Runs one scenario, in whatever thread. */
import type { CounterexampleOf, Observer, RuleName } from '@s2bench/verify';
import { renderRows, RULES, verifyWorld } from '@s2bench/verify';
import type { ProbeName } from './probes.ts';
import { probeNamed } from './probes.ts';
import { sampleTables } from './sample-tables.ts';
import type { ExploreResult, ExploreScenario, Scenario, ScenarioResult, Steps } from './scenario.ts';
import { subjectNamed } from './subjects.ts';
import { worldNamed } from './worlds.ts';

/** Runs a scenario. The same scenario gives the same result, whoever runs it. */
export function runScenario(scenario: Scenario): ScenarioResult {
  return scenario.kind === 'explore' ? explore(scenario) : sampleTables(scenario);
}

function explore({ subject, world: name, history, fwb, looksFor, shown }: ExploreScenario): ExploreResult {
  const world = worldNamed(name);
  const rules: readonly Observer<RuleName | ProbeName>[] =
    looksFor === 'rules' ? RULES : [probeNamed(looksFor, world, fwb)];
  const result = verifyWorld(subjectNamed(subject), world, { history, fwb, rules });
  const { rule, counterexample, states, transitions, complete, verdict } = result;
  return {
    kind: 'explore',
    found: rule ?? (verdict === 'safe' ? 'nothing' : 'incomplete'),
    states,
    transitions,
    complete,
    ...(counterexample !== undefined && { turns: counterexample.rows.length }),
    ...(shown !== undefined && counterexample !== undefined && { steps: stepsOf(counterexample) }),
  };
}

function stepsOf(document: CounterexampleOf<string>): Steps {
  const { opening, conclusion } = document;
  return { opening, conclusion, rows: renderRows(document) };
}
