/** Runs the proof's scenarios on all workers of a pool. */
import type { Piscina } from 'piscina';
import { runTasks } from '../pool/run-tasks.ts';
import type { Claim } from './claim.ts';
import { CLAIMS } from './claims/index.ts';
import type { Proof } from './proof.ts';
import { proofOf, scenariosOf } from './proof.ts';
import type { Scenario, ScenarioResult } from './scenario.ts';

/** How it is run. */
export interface OnPoolOptions {
  /** Scenarios at the same time. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly claims?: readonly Claim[];
  /** Called after each scenario, with how many are done and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs every scenario and makes the proof: the same as in one thread, whatever the order in which they end.
 *
 * @throws Error where a worker ended before its scenario did; the signal's reason where it stops the run
 */
export async function proveOnPool(
  pool: Piscina,
  { jobs, signal, claims = CLAIMS, onProgress }: OnPoolOptions,
): Promise<Proof> {
  const scenarios = scenariosOf(claims);
  const results: ScenarioResult[] = [];
  const problems: string[] = [];
  let done = 0;
  await runTasks<Scenario, ScenarioResult>(pool, scenarios, {
    entry: 'runScenario',
    jobs,
    signal,
    onEnd(_scenario, end, index) {
      if (end.ok) results[index] = end.outcome;
      else problems.push(end.problem);
      onProgress?.(++done, scenarios.length);
    },
  });
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`a scenario of the proof was not run: ${problem}`);
  return proofOf(results, claims);
}
