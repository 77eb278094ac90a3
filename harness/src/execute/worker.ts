/**
 * The worker's entry. A thread does not inherit the program's compile cache, without which it takes three times as
 * long to start; so that is turned on first, and the work loaded after it. Code out of a cache is not counted.
 */
import { enableCompileCache } from 'node:module';
import type { ScenarioResult } from '@s2bench/studies';
import type { Explored, ExploreTask, Replayed, ReplayTask } from '../plan/verify-plan.ts';
import type { StrategyProbe } from '../plugins/probe.ts';
import type { Watched } from '../plugins/visitors.ts';
import type { CellTask } from './cells.ts';
import { isCounting } from './branches/counting.ts';
import type { ScenarioTask } from './questions.ts';
import type { Traced, TraceTask } from './trace/traces.ts';

if (!isCounting()) enableCompileCache();
const work = import('./work.ts');

/** Simulates the cells of a task. */
export default async function runTask(task: CellTask): Promise<void> {
  return (await work).runTask(task);
}

/** Loads a strategy to see what it says of itself. */
export async function probe(entryUrl: string): Promise<StrategyProbe> {
  return (await work).probe(entryUrl);
}

/** Explores a small world. */
export async function explore(task: Watched<ExploreTask>): Promise<Explored> {
  return (await work).explore(task);
}

/** Runs a counterexample again. */
export async function runAgain(task: Watched<ReplayTask>): Promise<Replayed> {
  return (await work).runAgain(task);
}

/** Writes down what happens in a cell. */
export async function trace(task: Watched<TraceTask>): Promise<Traced> {
  return (await work).trace(task);
}

/** Runs a scenario of a study. */
export async function runScenario(task: Watched<ScenarioTask>): Promise<ScenarioResult> {
  return (await work).runScenario(task);
}

/** Comes back when the worker can work. */
export async function ready(): Promise<void> {
  await work;
}
