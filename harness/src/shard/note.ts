/** What a document says of the shard that it is. */
import { createHash } from 'node:crypto';
import type { Shard } from '@s2bench/report/schema';
import type { RunCode } from '../journal/code.ts';
import type { RunPlan } from '../matrix/plan.ts';
import type { RunRequest } from '../options/run-request.ts';

/** The note of a run's shard; none where the run takes the whole matrix. */
export function shardNote({ shard, axes, exact }: RunRequest, plan: RunPlan, code: RunCode): Shard | undefined {
  if (shard === undefined) return undefined;
  return {
    ...shard,
    places: [...plan.places],
    matrixCells: plan.points.length,
    fingerprints: {
      matrix: hash([plan.points, axes.stages, exact]),
      simulator: code.simulator,
      strategies: hash([...code.strategies]),
      profiles: hash(plan.profiles.map(({ profile }) => profile)),
    },
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
