/** The journal of a run: results of finished cells, written as they finish, so that --resume spares them. */
import { rmdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { CellResult } from '@s2bench/report/schema';
import { oneLine, UsageError } from '../cli/errors.ts';
import { lock } from '../cli/lock.ts';
import { say } from '../cli/terminal.ts';
import type { RunRequest } from '../options/run-request.ts';
import { shardFile } from '../options/values.ts';
import { cellKey, matrixKey, type RunCode } from '../plan/fingerprints.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { resultOf } from './cell-result.ts';
import { openJournal } from './journal-file.ts';

/** A run's journal. */
export interface RunJournal {
  /** Results of an earlier run, by the cell's index. */
  readonly kept: ReadonlyMap<number, CellResult>;
  /** Cells whose results are kept. */
  readonly size: number;
  /** Keeps the result of a cell that has finished. A failed cell is not kept: it is run again. */
  keep(index: number, result: CellResult): void;
  /** Takes results back. */
  drop(indices: readonly number[]): void;
  remove(): void;
  /** Lets other runs have it; takes the folder away that was made for it, if nothing else is in it. */
  close(): void;
}

const KEEPS_NOTHING: RunJournal = {
  kept: new Map(),
  size: 0,
  keep: () => undefined,
  drop: () => undefined,
  remove: () => undefined,
  close: () => undefined,
};

/** Opens the journal of a run: beside its report, or under `.results/` where none is written. */
export function openRunJournal(request: RunRequest, plan: RunPlan, code: RunCode, cwd: string): RunJournal {
  const keys = new Map(plan.jobs.map((job) => [job.index, cellKey(job, code)]));
  // Shards may share a folder.
  const suffix = request.shard === undefined ? '' : `-${basename(shardFile(request.shard), '.json')}`;
  const path =
    request.out === undefined
      ? join(cwd, '.results', `s2bench-${matrixKey([...keys.values()]).slice(0, 12)}.ndjson`)
      : join(request.out.folder, `.journal${suffix}.ndjson`);
  const origin = relative(cwd, path);
  let unlock: () => void;
  try {
    unlock = lockJournal(path, origin);
  } catch (error) {
    // Nobody has named this file: the same matrix may be run twice at a time, and only one of them be resumed.
    if (request.out !== undefined || request.resume || !(error instanceof UsageError)) throw error;
    say(`${error.message.split(';', 1)[0] ?? ''}; if this one is interrupted, cells are lost`);
    return KEEPS_NOTHING;
  }
  const journal = openJournal(path, request.resume);
  const kept = new Map<number, CellResult>();
  for (const job of plan.jobs) {
    const result = resultOf(job, journal.finished.get(keys.get(job.index) ?? ''));
    if (result !== undefined && result.status !== 'failed') kept.set(job.index, result);
  }
  let size = kept.size;
  let broken = false;
  return {
    kept,
    get size() {
      return size;
    },
    keep: (index, result) => {
      const key = keys.get(index);
      if (broken || key === undefined || result.status === 'failed') return;
      try {
        journal.append(key, result);
        size++;
      } catch (error) {
        // A full disk or a folder that cannot be written is no reason to stop: the result is in memory.
        broken = true;
        say(`${origin}: cannot be written (${oneLine(error)}); if interrupted, cells are lost`);
      }
    },
    drop: (indices) => {
      journal.drop(indices.flatMap((index) => keys.get(index) ?? []));
    },
    remove: () => {
      journal.remove();
    },
    close: () => {
      journal.flush();
      unlock();
      removeIfEmpty(dirname(path));
    },
  };
}

/** Two runs of one journal would take each other's cells away. Where nothing can be written, there is no journal to share. */
function lockJournal(path: string, origin: string): () => void {
  try {
    return lock(`${path}.lock`, origin);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return () => undefined;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
