/** Reads the documents of shards. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseResultDocument, type ResultDocument, ResultDocumentError, type Shard } from '@s2bench/report';
import { oneLine } from '../cli/one-line.ts';
import { UsageError } from '../cli/usage-error.ts';

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
    const document = readDocument(file, cwd);
    const { shard, cells } = document;
    if (shard === undefined) {
      throw new UsageError(`${file}: is no shard but a whole result; shards are written by "s2bench run --shard INDEX/COUNT"`);
    }
    if (shard.index > shard.count) throw new UsageError(`${file}: shard.index: is ${shard.index}, must be at most ${shard.count}`);
    if (shard.places.length !== cells.length) {
      throw new UsageError(`${file}: shard.places: has ${shard.places.length} places for ${cells.length} cells`);
    }
    return { file, document, shard };
  });
}

function readDocument(file: string, cwd: string): ResultDocument {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: cannot be read: ${oneLine(error)}`);
  }
  try {
    return parseResultDocument(text, file);
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}
