/**
 * What a worker does with cells, whatever simulates one. Stdout is kept for the result: what a plugin prints goes to
 * stderr.
 */
import { Console } from 'node:console';
import { parentPort, threadId } from 'node:worker_threads';
import type { CellResult } from '@s2bench/report/schema';
import { oneLine } from '../cli/errors.ts';
import type { CellJob } from '../plan/run-plan.ts';
import { settle, takeRealmFault } from '../plugins/realm-guard.ts';
import { WorkloadFault } from '../plugins/load-workload.ts';
import { StrategyFault } from '../plugins/visitors.ts';
import type { CellTask, WorkerMessage } from './cells.ts';

/** Redirects the worker's own stdout. */
export function redirectStdout(): void {
  Object.defineProperty(process, 'stdout', { value: process.stderr, configurable: true });
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** Simulates one cell; what it throws makes the cell a failed one. */
export type CellRunner = (job: CellJob) => Promise<CellResult>;

/** Works through a task, cell by cell, and reports each as it starts and ends. Its messages are all that counts. */
export async function workTask({ jobs, token }: CellTask, runCell: CellRunner): Promise<void> {
  for (const job of jobs) {
    const { user, system } = cpuUsage();
    post({ s2bench: 'cell-started', token, index: job.index, threadId, cpuUs: user + system });
    const result = await attempt(job, runCell);
    post({ s2bench: 'cell-finished', token, index: job.index, result });
  }
}

async function attempt(job: CellJob, runCell: CellRunner): Promise<CellResult> {
  const result = await attemptCell(job, runCell);
  await settle();
  const fault = takeRealmFault();
  return fault === undefined
    ? result
    : { cell: job.cell, status: 'failed', reason: `strategy ${job.cell.strategy} ${fault}` };
}

async function attemptCell(job: CellJob, runCell: CellRunner): Promise<CellResult> {
  try {
    return await runCell(job);
  } catch (error) {
    if (process.env['S2BENCH_DEBUG'] === '1') console.error(error);
    const reason =
      error instanceof StrategyFault || error instanceof WorkloadFault
        ? error.message
        : `strategy ${job.cell.strategy}: the simulation failed: ${oneLine(error)}`;
    return { cell: job.cell, status: 'failed', reason };
  }
}

/** Taken before a strategy could put another in its place. */
const cpuUsage = process.threadCpuUsage.bind(process);
const postToParent = parentPort?.postMessage.bind(parentPort);

function post(message: WorkerMessage): void {
  postToParent?.(message);
}
