/** Which part of the matrix a run takes, as users write it: `3/8`. */
import { UsageError } from '../cli/errors.ts';

/** A part of a matrix: the `index`-th of `count`, from 1. */
export interface ShardChoice {
  readonly index: number;
  readonly count: number;
}

/** More runners than this no CI gives; a larger number is a slip. */
const MAX_SHARDS = 10_000;

/**
 * Reads a shard.
 *
 * @throws UsageError where it is none
 */
export function parseShard(text: string): ShardChoice {
  const [, index = Number.NaN, count = Number.NaN] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (Number.isNaN(index)) throw new UsageError(`--shard ${text}: must be INDEX/COUNT, for example 3/8`);
  if (!(count >= 1 && count <= MAX_SHARDS)) {
    throw new UsageError(`--shard ${text}: the number of shards must be from 1 to ${MAX_SHARDS}, for example 3/8`);
  }
  if (!(index >= 1 && index <= count)) {
    throw new UsageError(`--shard ${text}: with ${count} shards the first number must be from 1 to ${count}`);
  }
  return { index, count };
}

/** How a shard is written. */
export function formatShard({ index, count }: ShardChoice): string {
  return `${index}/${count}`;
}

/** The name of the file that a shard is written to. */
export function shardFile({ index, count }: ShardChoice): string {
  return `shard-${index}-of-${count}.json`;
}
