/** Reads the documents of shards. */
import type { ResultDocument, Shard } from '@s2bench/report';
import { UsageError } from '../cli/errors.ts';
import { formatShard } from '../options/values.ts';
import { readResult } from '../results/read-result.ts';

/** The document of a shard, and the file that it was in. */
export interface ShardDocument {
  readonly file: string;
  readonly document: ResultDocument;
  readonly shard: Shard;
}

/**
 * Reads the documents of shards.
 *
 * @throws UsageError for the first file that cannot be read or is no shard
 */
export function readShards(files: readonly string[], cwd: string): ShardDocument[] {
  return files.map((file) => {
    const document = readResult(file, cwd);
    const { shard, cells } = document;
    if (shard === undefined) {
      throw new UsageError(
        `${file}: is no shard but a whole result; shards are written by "s2bench run --shard INDEX/COUNT"`,
      );
    }
    if (shard.index > shard.count)
      throw new UsageError(`${file}: shard.index: is ${shard.index}, must be at most ${shard.count}`);
    if (shard.places.length !== cells.length) {
      throw new UsageError(`${file}: shard.places: has ${shard.places.length} places for ${cells.length} cells`);
    }
    return { file, document, shard };
  });
}

/**
 * Refuses a part of a matrix where a whole is wanted.
 *
 * @throws UsageError
 */
export function requireWhole(file: string, { shard }: ResultDocument): void {
  if (shard === undefined) return;
  throw new UsageError(
    `${file}: is shard ${formatShard(shard)} of a result; put all of them together first, with "s2bench merge"`,
  );
}
