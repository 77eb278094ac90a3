/** Puts shards together, and refuses those that do not belong together. */
import { isDeepStrictEqual } from 'node:util';
import { type CellResult, pagesOf, type ResultDocument, resultDocumentSchema } from '@s2bench/report';
import { UsageError } from '../cli/usage-error.ts';
import { formatShard } from './parse.ts';
import type { ShardDocument } from './read.ts';

/** What shards of one matrix have in common, the most telling first: what messages call it, and where it is. */
const COMMON: readonly (readonly [what: string, of: (shard: ShardDocument) => unknown])[] = [
  ['the command', ({ document }) => document.command],
  ['the version of s2bench', ({ document }) => document.tool.version],
  ['the number of shards', ({ shard }) => shard.count],
  ['a machine profile', ({ shard, document }) => [shard.fingerprints.profiles, document.profiles]],
  ['a strategy', ({ shard, document }) => [shard.fingerprints.strategies, document.strategies]],
  ['a kernel model', ({ document }) => document.kernels],
  ['the simulator', ({ shard }) => [shard.fingerprints.simulator]],
  ['the matrix', ({ shard }) => [shard.fingerprints.matrix, shard.matrixCells]],
  ['the heading', ({ document: { preset, title, comparisons } }) => [preset, title, comparisons]],
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
  const { shard: _, counterexamples: _ofFirst, ...whole } = first.document;
  const pages = pagesOf(shards.map(({ document }) => document));
  return resultDocumentSchema.parse({ ...whole, cells, ...(pages.length > 0 && { counterexamples: pages }) });
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
