/** Runs the questions of a study on all workers of a pool. */
import type { Proof, Questions, Scenario, ScenarioResult } from '@s2bench/studies';
import type { Piscina } from 'piscina';
import { runTasks, sharedThreads } from './pool.ts';

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
 * Runs every scenario and makes the proof: the same as in one thread, whatever the order in which they end.
 *
 * @throws Error where a worker ended before its scenario did; the signal's reason where it stops the run
 */
export async function proveOnPool(
  pool: Piscina,
  study: string,
  questions: Questions,
  { jobs, signal, onProgress }: OnPoolOptions,
): Promise<Proof> {
  const results: ScenarioResult[] = [];
  const problems: string[] = [];
  let done = 0;
  const tasks = questions.scenarios.map((scenario): ScenarioTask => ({ study, scenario }));
  await runTasks<ScenarioTask, ScenarioResult>(sharedThreads(pool), tasks, {
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
  return questions.answer(results);
}
