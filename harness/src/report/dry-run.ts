/** What a run would do: which cells, which not and why, and about how long it takes here. */
import { printJson, print } from '../cli/terminal.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** How long a run takes, from cells that were run here and now. */
export interface TimeEstimate {
  readonly seconds: number;
  readonly jobs: number;
  /** The cells that were run for it. */
  readonly sampleCells: number;
}

/** What is printed: `s2bench run --dry-run --json`. */
export interface DryRun {
  readonly command: string;
  readonly cells: number;
  readonly skipped: readonly { readonly reason: string; readonly cells: number }[];
  /** Left out where nothing is to be run, or workers elsewhere run it. */
  readonly estimate?: TimeEstimate;
}

/** Counts what a plan runs. */
export function dryRunOf({ command, jobs, points, places }: RunPlan, estimate?: TimeEstimate): DryRun {
  const reasons = new Map<string, number>();
  for (const place of places) {
    const reason = points[place]?.skipReason;
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    command,
    cells: jobs.length,
    skipped: [...reasons].map(([reason, cells]) => ({ reason, cells })),
    ...(estimate && { estimate }),
  };
}

/** Prints it. */
export function printDryRun(dry: DryRun, json: boolean): void {
  if (json) printJson(dry);
  else print(dryRunText(dry));
}

/** The text, a line for each thing, none wider than its reason needs. */
export function dryRunText({ command, cells, skipped, estimate }: DryRun): string {
  const lines = [command, '', `${counted(cells)} to be simulated`];
  for (const one of skipped) lines.push(`${counted(one.cells)} skipped: ${one.reason}`);
  if (estimate !== undefined) {
    const workers = estimate.jobs === 1 ? 'one worker' : `${estimate.jobs} workers`;
    lines.push(`about ${spanOf(estimate.seconds)} with ${workers}, going by ${counted(estimate.sampleCells)} run now`);
  }
  return `${lines.join('\n')}\n`;
}

function counted(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}

/** One digit and a unit: more would promise too much. */
function spanOf(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Number(seconds.toPrecision(1)))} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
