/** The journal: results of finished cells, one JSON value a line, written as they finish. */
import { appendFileSync, existsSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type CellResult, cellResultSchema } from '@s2bench/report/schema';
import * as z from 'zod';
import { makeFolder } from '../cli/files.ts';

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
