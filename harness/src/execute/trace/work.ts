/** What a worker does for `s2bench run --trace`: it simulates a cell and writes down what happens in it. */
import { oneLine } from '../../cli/errors.ts';
import { loadStrategy } from '../../plugins/load.ts';
import { settle, takeRealmFault } from '../../plugins/realm-guard.ts';
import { loadWorkload } from '../../plugins/load-workload.ts';
import { workloadNamed } from '../../plugins/workloads.ts';
import { guardStrategy, type Watched, watchStrategy } from '../../plugins/visitors.ts';
import { traceCell } from './trace-cell.ts';
import type { Traced, TraceTask } from './traces.ts';

/** Traces the cell of a task. */
export async function trace({ task, pulse }: Watched<TraceTask>): Promise<Traced> {
  const { cell, exact, profile, strategyUrl, workloadUrl } = task.job;
  try {
    const workload = workloadUrl === undefined ? workloadNamed(cell.workload) : await loadWorkload(workloadUrl);
    const strategy = watchStrategy(guardStrategy(await loadStrategy(strategyUrl)), pulse);
    const made = traceCell(cell, { strategy, workload, profile }, { stage: task.stage, all: task.all, exact });
    await settle();
    const fault = takeRealmFault();
    return fault === undefined ? { ok: true, trace: made } : { ok: false, problem: fault };
  } catch (error) {
    return { ok: false, problem: takeRealmFault() ?? oneLine(error) };
  }
}
