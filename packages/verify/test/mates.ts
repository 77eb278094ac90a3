/** Threads that explore along with a test or the benchmark. */
import { Worker } from 'node:worker_threads';
import type { Strategy } from '@s2bench/core';
import type { Company } from '../src/explore/joint/company.ts';
import { Link } from '../src/explore/joint/link.ts';
import type { VerifyOptions } from '../src/verify-world.ts';
import type { World } from '../src/world.ts';
import { STRATEGIES } from './searches.ts';

/** What a mate is told. Plain values. */
export interface MateTask {
  readonly strategy: string;
  readonly options: Pick<VerifyOptions, 'history' | 'fwb' | 'bounds'>;
}

/** A strategy by its name. */
export function strategyOf(name: string): Strategy {
  const found = STRATEGIES.find((strategy) => strategy.name === name);
  if (found === undefined) throw new Error(`there is no strategy ${name}`);
  return found;
}

/**
 * So many mates for an exploration.
 *
 * @param fromStates - states from which on; the exploration then waits until they are there. Left out: as it pays
 */
export function matesFor(world: World, task: MateTask, mates: number, fromStates?: number): Company {
  return {
    mates,
    ...(fromStates !== undefined && { fromStates }),
    start(buffers) {
      for (let me = 1; me <= mates; me++) {
        const worker = new Worker(new URL('mate.ts', import.meta.url), {
          workerData: { ...task, world, buffers, me },
          execArgv: ['--conditions=@s2bench/source'],
        });
        worker.unref();
      }
      const link = new Link(buffers, 0);
      const nobody = new Int32Array(new SharedArrayBuffer(4));
      while (fromStates !== undefined && !link.areReady) Atomics.wait(nobody, 0, 0, 1);
    },
  };
}
