/** What is called how in Redis. Each run has a queue of its own, so that runs never mix. */

/** Before all our keys. */
export const PREFIX = 's2bench';

/** The set of the ids of all runs. */
export const RUNS_KEY = `${PREFIX}:runs`;

/** What a run says of itself; gone when it has been silent for too long. */
export function runKey(id: string): string {
  return `${PREFIX}:run:${id}`;
}

/** Which workers refuse a run, and why. */
export function refusalsKey(id: string): string {
  return `${PREFIX}:refusals:${id}`;
}

/** The BullMQ queue of a run's cells. */
export function queueName(id: string): string {
  return `cells-${id}`;
}
