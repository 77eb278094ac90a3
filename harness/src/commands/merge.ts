/** `s2bench merge`: reads the shards of a matrix, refuses those that do not belong together, and puts them together. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type CellResult,
  pagesOf,
  type ProofPage,
  type ResultDocument,
  ResultDocumentError,
  resultDocumentSchema,
  type Shard,
} from '@s2bench/report';
import { UsageError } from '../cli/errors.ts';
import { insideFolder } from '../cli/inside-folder.ts';
import { outFolder } from '../options/run-request.ts';
import { formatShard } from '../options/values.ts';
import { requireSomething } from '../report/document.ts';
import { takeFolder } from '../report/exchange.ts';
import { publishResult } from '../report/publish-result.ts';
import { REPORTS_FOLDER } from '../report/reports.ts';
import { readResult } from '../report/results.ts';

/** The flags as they were written. */
export interface MergeFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Runs the command; the value is the exit code. */
export function merge(files: readonly string[], flags: MergeFlags): number {
  const cwd = process.cwd();
  const document = mergeShards(readShards(files, cwd));
  requireSomething(document.cells);
  const { preset } = document;
  const byDefault = preset && insideFolder(join(cwd, REPORTS_FOLDER), preset, `${files[0] ?? ''}: preset`);
  const out = outFolder(flags, undefined, byDefault, cwd);
  const target = { out, json: flags.json ?? false };
  if (out === undefined) return publishResult(document, target);
  const unlock = takeFolder(out);
  try {
    return publishResult(document, target);
  } finally {
    unlock();
  }
}

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

/** What shards of one matrix have in common, the most telling first: what messages call it, and where it is. */
const COMMON: readonly (readonly [what: string, of: (shard: ShardDocument) => unknown])[] = [
  ['the command', ({ document }) => document.command],
  ['the version of s2bench', ({ document }) => document.tool.version],
  ['the number of shards', ({ shard }) => shard.count],
  ['a machine profile', ({ shard, document }) => [shard.fingerprints.profiles, document.profiles]],
  ['a strategy', ({ shard, document }) => [shard.fingerprints.strategies, document.strategies]],
  ['a kernel model', ({ document }) => document.kernels],
  ['a workload', ({ document }) => document.workloads],
  ['the simulator', ({ shard }) => [shard.fingerprints.simulator]],
  ['the matrix', ({ shard }) => [shard.fingerprints.matrix, shard.matrixCells]],
  [
    'the heading',
    ({ document: { preset, title, comparisons, variants, remarks } }) => [
      preset,
      title,
      comparisons,
      variants,
      remarks,
    ],
  ],
];

/**
 * Puts the shards of one matrix together: the document that one machine gives, byte for byte.
 *
 * @param shards - in any order
 * @throws UsageError where they are of several matrices or versions, or not each of them once
 */
export function mergeShards(shards: readonly ShardDocument[]): ResultDocument {
  const [first] = shards;
  if (first === undefined) throw new UsageError('merge: no files; name one document of each shard');
  for (const other of shards) requireAlike(first, other);
  requireEachOnce(first, shards);
  const cells = new Array<CellResult | undefined>(first.shard.matrixCells).fill(undefined);
  for (const { file, document, shard } of shards) {
    for (const [nth, place] of shard.places.entries()) {
      if (place >= cells.length || cells[place] !== undefined) {
        throw new UsageError(
          `${file}: shard.places.${nth}: place ${place} is ${place < cells.length ? 'taken' : 'outside of the matrix'}`,
        );
      }
      cells[place] = document.cells[nth];
    }
  }
  const missing = cells.indexOf(undefined);
  if (missing !== -1)
    throw new UsageError(`${first.file}: shard.matrixCells: cell ${missing} of ${cells.length} is in no shard`);
  const { shard: _, counterexamples: _ofFirst, environment: _where, hash: _old, ...whole } = first.document;
  const pages = pagesInAll(shards);
  return resultDocumentSchema.parse({ ...whole, cells, ...(pages.length > 0 && { counterexamples: pages }) });
}

function pagesInAll(shards: readonly ShardDocument[]): ProofPage[] {
  try {
    return pagesOf(shards.map(({ file, document }) => ({ name: file, document })));
  } catch (error) {
    throw error instanceof ResultDocumentError ? new UsageError(error.message) : error;
  }
}

function requireAlike(first: ShardDocument, other: ShardDocument): void {
  for (const [what, of] of COMMON) {
    const [ours, theirs] = [of(first), of(other)];
    if (isDeepStrictEqual(ours, theirs)) continue;
    const values = isShort(ours) && isShort(theirs) ? `: ${theirs}, there ${ours}` : '';
    throw new UsageError(
      `${other.file}: ${what} differs from ${first.file}'s${values}; shards of one run only can be merged`,
    );
  }
}

/** What says something to a reader; fingerprints and lists do not. */
function isShort(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function requireEachOnce(first: ShardDocument, shards: readonly ShardDocument[]): void {
  const { count } = first.shard;
  const fileOf = new Map<number, string>();
  for (const { file, shard } of shards) {
    const twin = fileOf.get(shard.index);
    if (twin !== undefined)
      throw new UsageError(`${file}: is shard ${formatShard(shard)}, as ${twin} is; name each shard once`);
    fileOf.set(shard.index, file);
  }
  const missing = Array.from({ length: count }, (_, nth) => nth + 1).filter((index) => !fileOf.has(index));
  const [absent] = missing;
  if (absent === undefined) return;
  const others = missing.length === 1 ? '' : `, and ${missing.length - 1} more`;
  const shard = formatShard({ index: absent, count });
  throw new UsageError(`${first.file}: of its run, shard ${shard} is missing${others}; run it with --shard ${shard}`);
}
