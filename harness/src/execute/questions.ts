/** Runs the questions of a study on all workers of a pool: the program's side, and a worker's. */
import { findStudy, type Proof, type Questions, type Scenario, type ScenarioResult, STUDIES } from '@s2bench/studies';
import type { Piscina } from 'piscina';
import { runTasks } from '../pool/run-tasks.ts';

/** Names of the studies that have questions. */
export const ASKED_STUDIES = STUDIES.filter(({ questions }) => questions !== undefined).map(({ name }) => name);

/** A scenario of a study. Plain values: it is cloned. */
export interface ScenarioTask {
  readonly study: string;
  readonly scenario: Scenario;
}

/** How they are run. */
export interface OnPoolOptions {
  /** Scenarios at the same time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Called after each scenario. */
  readonly onProgress?: (done: number) => void;
}

/**
 * The questions of a study.
 *
 * @throws RangeError where there are none
 */
export async function questionsOf(study: string): Promise<Questions> {
  const questions = await findStudy(study)?.questions?.();
  if (questions === undefined) throw new RangeError(`no study ${study} has questions`);
  return questions;
}

/**
 * Runs every scenario and makes the proof: the same as in one thread, whatever the order in which they end.
 *
 * @throws Error where a worker ended before its scenario did; the signal's reason where it stops the run
 */
export async function proveOnPool(
  pool: Piscina,
  study: string,
  { scenarios, answer }: Questions,
  { jobs, signal, onProgress }: OnPoolOptions,
): Promise<Proof> {
  const results: ScenarioResult[] = [];
  const problems: string[] = [];
  let done = 0;
  const tasks = scenarios.map((scenario): ScenarioTask => ({ study, scenario }));
  await runTasks<ScenarioTask, ScenarioResult>(pool, tasks, {
    entry: 'runScenario',
    jobs,
    signal,
    onEnd(_task, end, index) {
      if (end.ok) results[index] = end.outcome;
      else problems.push(end.problem);
      onProgress?.(++done);
    },
  });
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`a scenario of the proof was not run: ${problem}`);
  return answer(results);
}

/** Runs a scenario, in a worker. */
export async function runScenario({ study, scenario }: ScenarioTask): Promise<ScenarioResult> {
  return (await questionsOf(study)).run(scenario);
}
