/** Threads that explore along with a worker, where there are more cores than explorations. */
import { Worker } from 'node:worker_threads';
import type { Company, LinkBuffers, RuleName } from '@s2bench/verify';
import { WORKER_EXEC_ARGV, workerUrl } from '../cli/installation.ts';
import type { ExploreTask } from '../plan/verify-plan.ts';
import { COUNTING } from './branches/counting.ts';

/** What such a thread is told. Plain values. */
export interface MateTask {
  readonly task: ExploreTask;
  /** Those that are left of the task's. */
  readonly rules: readonly RuleName[];
  readonly buffers: LinkBuffers;
  readonly me: number;
}

/** Whether a thread of the worker's module is one of these, and none of a pool. */
export function isMateTask(workerData: unknown): workerData is MateTask {
  return typeof workerData === 'object' && workerData !== null && 'buffers' in workerData && 'task' in workerData;
}

/** The threads for an exploration. They end with it, or with the thread that starts them. */
export function companyFor(task: ExploreTask, rules: readonly RuleName[]): Company | undefined {
  const { mates = 0 } = task;
  if (mates === 0) return undefined;
  const { known: _, ...plain } = task;
  return {
    mates,
    start(buffers) {
      for (let me = 1; me <= mates; me++) {
        const worker = new Worker(workerUrl('worker', './worker.ts', import.meta.url), {
          workerData: { task: plain, rules, buffers, me } satisfies MateTask,
          execArgv: WORKER_EXEC_ARGV,
          // Who asks runs all that they run, and counts.
          env: { ...process.env, [COUNTING]: '' },
        });
        worker.unref();
        // Why it has failed, the one who asked is told by what they share.
        worker.on('error', () => undefined);
      }
    },
  };
}
