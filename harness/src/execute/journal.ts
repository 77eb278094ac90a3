/**
 * The journal of a run: results of finished cells, one JSON value a line, written as they finish, so that --resume
 * spares them.
 */
import { appendFileSync, existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type CellResult, cellResultSchema } from '@s2bench/report/schema';
import * as z from 'zod';
import { oneLine } from '../cli/errors.ts';
import { makeFolder } from '../cli/files.ts';
import { say } from '../cli/terminal.ts';
import type { RunRequest } from '../options/run-request.ts';
import { shardFile } from '../options/values.ts';
import { cellKey, matrixKey, type RunCode } from '../plan/fingerprints.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** A run's journal. */
export interface RunJournal {
  /** Results of an earlier run, by the cell's index. */
  readonly kept: ReadonlyMap<number, CellResult>;
  /** Cells whose results are on the disk. */
  readonly size: number;
  /** Keeps the result of a cell that has finished. A failed cell is not kept: it is run again. */
  keep(index: number, result: CellResult): void;
  remove(): void;
}

/** Opens the journal of a run: beside its report, or under `.results/` where none is written. */
export function openRunJournal(request: RunRequest, plan: RunPlan, code: RunCode, cwd: string): RunJournal {
  const keys = new Map(plan.jobs.map((job) => [job.index, cellKey(job, code)]));
  // Shards may share a folder.
  const suffix = request.shard === undefined ? '' : `-${basename(shardFile(request.shard), '.json')}`;
  const path =
    request.out === undefined
      ? join(cwd, '.results', `s2bench-${matrixKey([...keys.values()]).slice(0, 12)}.ndjson`)
      : join(request.out.folder, `.journal${suffix}.ndjson`);
  const journal = openJournal(path, request.resume);
  const kept = new Map<number, CellResult>();
  for (const [index, key] of keys) {
    const result = journal.finished.get(key);
    if (result !== undefined) kept.set(index, result);
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
        say(`${relative(cwd, path)}: cannot be written (${oneLine(error)}); if interrupted, cells are lost`);
      }
    },
    remove: () => {
      journal.remove();
    },
  };
}

const entrySchema = z.object({ key: z.string(), result: cellResultSchema });

/** A journal that is open. */
export interface Journal {
  readonly path: string;
  /** Results that an earlier run has left, by their keys. */
  readonly finished: ReadonlyMap<string, CellResult>;
  /** Keeps a result. On the disk when it returns. */
  append(key: string, result: CellResult): void;
  /** Removes the journal, and its folder if nothing else is in it. */
  remove(): void;
}

/**
 * Opens a journal. Its file is made with the first result, so that a run that comes to nothing leaves none.
 *
 * @param resume - whether results of an earlier run are kept; else they are dropped
 * @throws the error of the file system where an earlier journal can be neither read nor replaced
 */
export function openJournal(path: string, resume: boolean): Journal {
  const finished = resume ? readJournal(path) : new Map<string, CellResult>();
  if (existsSync(path)) {
    // Written anew, so that a line that was cut off is gone before the next is appended.
    if (finished.size > 0) writeFileSync(path, [...finished].map(([key, result]) => lineOf(key, result)).join(''));
    else rmSync(path);
  }
  return {
    path,
    finished,
    append: (key, result) => {
      makeFolder(dirname(resolve(path)));
      appendFileSync(path, lineOf(key, result));
    },
    remove: () => {
      rmSync(path, { force: true });
      removeIfEmpty(dirname(path));
    },
  };
}

function lineOf(key: string, result: CellResult): string {
  return `${JSON.stringify({ key, result })}\n`;
}

/** Reads what can be read: a line that was cut off, or that another version wrote, only means one cell more to run. */
function readJournal(path: string): Map<string, CellResult> {
  const finished = new Map<string, CellResult>();
  if (!existsSync(path)) return finished;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = entrySchema.safeParse(jsonOrNothing(line));
    if (parsed.success) finished.set(parsed.data.key, parsed.data.result);
  }
  return finished;
}

function jsonOrNothing(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something else is in it.
  }
}
