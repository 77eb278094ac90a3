/** A phase of a hook as a phase of the task in which logging changes: chunk by chunk, each under the lock held alone. */
import { type LogPhase, OK } from '@s2bench/core';
import type { Ipa, Level } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';
import type { Memslot } from '../memslot.ts';
import type { Stage2Mmu } from '../stage2-mmu.ts';
import { splitTablePages } from '../v6/split.ts';
import { LogRange } from './log-range.ts';

/** What the name of a hook's phase begins with among the phases of its task. */
export const HOOK_PREFIX = 'hook-';

/** What a hook works on: a range of a slot's backing, in bytes. */
export interface HookRange {
  readonly slot: Memslot;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** How far a task has come with a phase of a hook. */
export interface HookProgress {
  /** Chunks that are done. */
  readonly doneChunks: number;
}

/** What one hold of the lock covers. */
interface Chunk {
  readonly address: Ipa;
  readonly sizeBytes: number;
  readonly isLast: boolean;
}

/**
 * Does the next chunk of a phase, and says whether the rest is done: where it was the last, or the hook has ended itself by
 * an errno.
 */
export function runChunk(mmu: Stage2Mmu, phase: LogPhase, range: HookRange, { doneChunks }: HookProgress): boolean {
  const { slot } = range;
  const { table, kernel, splitCache } = mmu;
  const { address, sizeBytes, isLast } = chunkAt(mmu, phase, range, doneChunks);
  // Outside of the lock, so that allocating may wait. Its time is not modelled.
  if (phase.splits === true) splitCache.topUp(splitTablePages(table.geometry, sizeBytes));
  const rc = phase.run(new LogRange({ table, kernel, slot, address, sizeBytes, splitCache })) ?? OK;
  return isLast || rc !== OK;
}

/** The chunk after so many others: as far as the next border of an entry of the phase's level. */
function chunkAt(
  { table }: Stage2Mmu,
  { chunkLevel }: LogPhase,
  { slot, offset, sizeBytes }: HookRange,
  nth: number,
): Chunk {
  const begin = slot.baseIpa + offset;
  const end = begin + sizeBytes;
  const { geometry } = table;
  if (chunkLevel === undefined || chunkLevel < geometry.startLevel) return { address: begin, sizeBytes, isLast: true };
  const chunkBytes = geometry.granuleBytes[chunkLevel as Level];
  const first = alignDown(begin, chunkBytes);
  const from = Math.max(begin, first + nth * chunkBytes);
  const to = Math.min(end, first + (nth + 1) * chunkBytes);
  return { address: from, sizeBytes: to - from, isLast: to === end };
}
