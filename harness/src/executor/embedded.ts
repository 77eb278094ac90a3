/** Runs cells on this machine: worker threads, nothing to start. */
import type { Piscina } from 'piscina';
import { groupAlike } from '../plan/shards.ts';
import { runCells } from '../pool/run-cells.ts';
import type { Executor } from './executor.ts';

/** Makes the executor. The pool stays with whoever started it. */
export function embeddedExecutor(pool: Piscina, jobs: number): Executor {
  return {
    run: ({ waiting }, options) => runCells(pool, groupAlike(waiting, jobs), options),
    close: () => Promise.resolve(),
  };
}
