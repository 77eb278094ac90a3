/** What a worker does: it simulates cells, and loads strategies. */
import { workerData } from 'node:worker_threads';
import type { CellResult } from '@s2bench/report/schema';
import type { ScenarioResult } from '@s2bench/studies';
import { resolveOursForPlugins } from '../cli/installation.ts';
import type { CellJob } from '../plan/run-plan.ts';
import type { Explored, ExploreTask, Replayed, ReplayTask } from '../plan/verify-plan.ts';
import { loadStrategy } from '../plugins/load.ts';
import { loadWorkload } from '../plugins/load-workload.ts';
import { workloadNamed } from '../plugins/workloads.ts';
import { guardStrategy, type Watched } from '../plugins/visitors.ts';
import { guardRealm } from '../plugins/realm-guard.ts';
import type { CellTask } from './cells.ts';
import { isCounting } from './branches/counting.ts';
import { isMateTask } from './mates.ts';
import type { ScenarioTask } from './questions.ts';
import { BuiltStates, simulateCell, whyImpossible } from './simulate/cell.ts';
import type { Traced, TraceTask } from './trace/traces.ts';
import { redirectStdout, workTask } from './work-cells.ts';

export { probe } from '../plugins/probe.ts';

resolveOursForPlugins();
redirectStdout();
// Before any strategy is loaded.
if (isCounting()) await (await import('./branches/meter.ts')).startCounting();

/** What this worker has built last, for the next cell that is alike. */
const states = new BuiltStates();
// After all that is ours has been loaded: what is changed from here on, a strategy has changed.
guardRealm();

// A thread that explores along with another one has no pool to wait for.
if (isMateTask(workerData)) await (await import('./explore.ts')).exploreAlong(workerData);

/** Simulates the cells of a task. */
export async function runTask(task: CellTask): Promise<void> {
  // What is used once is built in place: a copy of it to keep would double the memory.
  const shared = task.jobs.length > 1 || task.keepsStates === true ? states : undefined;
  if (shared === undefined) states.forget();
  try {
    await workTask(task, (job) => runCell(job, task.isFresh === true, shared));
  } finally {
    // Threads outlive the cells of their strategy, and the tables of a terabyte are gigabytes.
    if (task.keepsStates !== true) states.forget();
  }
}

/** Explores a small world. The explorer is loaded when it is needed first. */
export async function explore(task: Watched<ExploreTask>): Promise<Explored> {
  return (await import('./explore.ts')).explore(task);
}

/** Runs a counterexample again. */
export async function runAgain(task: Watched<ReplayTask>): Promise<Replayed> {
  return (await import('./explore.ts')).runAgain(task);
}

/** Writes down what happens in a cell. */
export async function trace(task: Watched<TraceTask>): Promise<Traced> {
  return (await import('./trace/work.ts')).trace(task);
}

/** Runs a scenario of a study. */
export async function runScenario({ task: { study, scenario } }: Watched<ScenarioTask>): Promise<ScenarioResult> {
  const { questionsOf } = await import('@s2bench/studies');
  return (await questionsOf(study)).run(scenario);
}

async function runCell(job: CellJob, isFresh: boolean, shared: BuiltStates | undefined): Promise<CellResult> {
  const { cell, profile, stages, exact, strategyVersion } = job;
  const workload =
    job.workloadUrl === undefined ? workloadNamed(cell.workload) : await loadWorkload(job.workloadUrl, isFresh);
  const strategy = guardStrategy(await loadStrategy(job.strategyUrl, { isFresh }));
  const plugins = { strategy, workload, profile };
  const reason = whyImpossible(cell, plugins);
  if (reason !== undefined) return { cell, status: 'skipped', reason };
  return {
    cell,
    status: 'ok',
    ...(strategyVersion !== undefined && { strategyVersion }),
    stages: simulateCell(cell, plugins, { stages, exact }, shared),
  };
}
