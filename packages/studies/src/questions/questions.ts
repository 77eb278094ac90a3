/** The questions of a study: every scenario of every claim is run, and the page made of what they found. */
import type { ProofDocument } from '@s2bench/report';
import { answerOf, mismatch } from './answer.ts';
import {
  type Cast,
  type Claim,
  isAsExpected,
  type Run,
  type Scenario,
  type ScenarioResult,
  type Thread,
} from './claim.ts';
import { runScenario } from './run-scenario.ts';

/** The page, and whether it says what the claims say. */
export interface Proof {
  readonly document: ProofDocument;
  /** Scenarios that found something else than their claim expects, a line each. None: every answer stands. */
  readonly unexpected: readonly string[];
}

/** Questions, and how they are answered by whoever runs them. */
export interface Questions {
  /** What is to be run, each once though several claims may want it. Any order, any thread will do. */
  readonly scenarios: readonly Scenario[];
  /** Runs one. The same scenario gives the same result, whoever runs it. */
  run(scenario: Scenario): ScenarioResult;
  /**
   * Makes the proof.
   *
   * @param results - of the scenarios, in their order
   */
  answer(results: readonly ScenarioResult[]): Proof;
}

/** What a study says of its questions. */
export interface Questionnaire extends Pick<ProofDocument, 'title' | 'introduction' | 'bounds' | 'command'> {
  readonly thread: Thread;
  readonly cast: Cast;
  /** In the order in which the page answers them. */
  readonly claims: readonly Claim[];
}

/** Makes the questions of what a study says of them. */
export function questionsOf(questionnaire: Questionnaire): Questions {
  const { claims, cast } = questionnaire;
  return {
    scenarios: scenariosOf(claims),
    run: (scenario) => runScenario(scenario, cast),
    answer: (results) => proofOf(questionnaire, results),
  };
}

/** The scenarios of claims, each of them once. */
function scenariosOf(claims: readonly Claim[]): Scenario[] {
  const distinct = new Map<string, Scenario>();
  for (const scenario of claims.flatMap(({ scenarios }) => scenarios)) {
    const key = keyOf(scenario);
    // Of two that are alike, the one whose steps are shown gives what both need.
    const known = distinct.get(key);
    if (known === undefined || (known.kind === 'explore' && known.shown === undefined)) distinct.set(key, scenario);
  }
  return [...distinct.values()];
}

function proofOf(questionnaire: Questionnaire, results: readonly ScenarioResult[]): Proof {
  const { claims } = questionnaire;
  const byKey = new Map(scenariosOf(claims).map((scenario, index) => [keyOf(scenario), results[index]]));
  const answered = claims.map((claim) => {
    const runs = claim.scenarios.map((scenario): Run => {
      const result = byKey.get(keyOf(scenario));
      if (result === undefined) throw new RangeError(`claim ${claim.number} has a scenario without a result`);
      return { scenario, result };
    });
    return { claim, runs };
  });
  return {
    document: documentOf(questionnaire, answered),
    unexpected: answered.flatMap(({ claim, runs }) =>
      runs
        .filter(({ scenario, result }) => !isAsExpected(scenario, result))
        .map((run) => `claim ${claim.number}: ${mismatch(run).replaceAll('`', '')}`),
    ),
  };
}

/** What decides a scenario's result. */
function keyOf(scenario: Scenario): string {
  if (scenario.kind === 'sample')
    return JSON.stringify([scenario.subjects, scenario.seed, scenario.scripts, scenario.operations]);
  const { subject, world, history, fwb, looksFor } = scenario;
  return JSON.stringify([subject, world, history, fwb, looksFor]);
}

function documentOf(
  { title, introduction, bounds, command, thread }: Questionnaire,
  answered: readonly { readonly claim: Claim; readonly runs: readonly Run[] }[],
): ProofDocument {
  const claims = answered.map(({ claim, runs }) => answerOf(claim, thread, runs));
  return { title, introduction, bounds, claims, command };
}
