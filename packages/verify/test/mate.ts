/** The thread of a mate: it explores along with a test or the benchmark. */
import { workerData } from 'node:worker_threads';
import type { LinkBuffers } from '../src/explore/joint/link.ts';
import { joinExploration } from '../src/verify-world.ts';
import type { World } from '../src/world.ts';
import { type MateTask, strategyOf } from './mates.ts';

const { world, options, strategy, buffers, me } = workerData as MateTask & {
  readonly world: World;
  readonly buffers: LinkBuffers;
  readonly me: number;
};
joinExploration(strategyOf(strategy), world, options, buffers, me);
