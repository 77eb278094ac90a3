/** The code that a run's results come from, and the keys of its cells. */
import type { RunPlan } from '../matrix/plan.ts';
import type { CellJob } from '../pool/task.ts';
import { fingerprintCode, fingerprintTool } from './fingerprint.ts';
import { journalKey } from './key.ts';

/** Fingerprints of the code that a run's results come from. */
export interface RunCode {
  readonly simulator: string;
  /** Of each strategy, by its name. */
  readonly strategies: ReadonlyMap<string, string>;
}

/** Takes the fingerprints of what a plan runs. */
export function codeOfRun({ strategies }: Pick<RunPlan, 'strategies'>): RunCode {
  return {
    simulator: fingerprintTool(),
    strategies: new Map(strategies.map(({ name, location }) => [name, fingerprintCode(location.sourcePath)])),
  };
}

/** The key of a cell's result: all that it depends on. */
export function cellKey(job: CellJob, { simulator, strategies }: RunCode): string {
  return journalKey(job, simulator, strategies.get(job.cell.strategy) ?? '');
}
