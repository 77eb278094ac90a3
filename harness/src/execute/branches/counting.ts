/** Whether this thread counts which branches strategies take: decided before anything else is loaded. */

/** Set to 1 in the environment of a worker that counts. */
export const COUNTING = 'S2BENCH_COUNTS_BRANCHES';

/** Whether this worker counts. */
export function isCounting(): boolean {
  return process.env[COUNTING] === '1';
}
