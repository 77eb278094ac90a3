/**
 * A journal as a file: an entry a line, each with a checksum, so that what a disk, a cut or a hand has changed is not
 * taken for a result. Whatever cannot be read only means one cell more to run.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../cli/files.ts';

/** A journal that is open. */
export interface Journal {
  readonly path: string;
  /** Results that an earlier run has left, by their keys. Whole, but not checked any further. */
  readonly finished: ReadonlyMap<string, unknown>;
  /**
   * Keeps a result. A kill costs no cell that was reported; a power cut costs those of the last quarter of a second, since a
   * disk takes longer to be sure than a small cell to run.
   */
  append(key: string, result: unknown): void;
  /** Has all results on the disk. */
  flush(): void;
  /** Takes the results of these keys back. */
  drop(keys: readonly string[]): void;
  remove(): void;
}

/**
 * Opens a journal. Its file is made with the first result, so that a run that comes to nothing leaves none.
 *
 * @param resume - whether results of an earlier run are kept; else they are dropped
 * @throws the error of the file system where an earlier journal can be neither read nor replaced
 */
export function openJournal(path: string, resume: boolean): Journal {
  const finished = resume ? readJournal(path) : new Map<string, unknown>();
  // Written anew, so that a line that was cut off is gone before the next is appended.
  if (existsSync(path)) rewrite(path, finished);
  let flushedMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    syncFile(path);
    flushedMs = performance.now();
  };
  return {
    path,
    finished,
    append: (key, result) => {
      const isNew = !existsSync(path);
      makeFolder(dirname(resolve(path)));
      appendFileSync(path, lineOf(key, result));
      if (isNew) syncFolder(path);
      if (performance.now() - flushedMs >= FLUSH_MS) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    flush: () => {
      if (timer !== undefined) flush();
    },
    drop: (keys) => {
      const left = readJournal(path);
      for (const key of keys) left.delete(key);
      if (existsSync(path)) rewrite(path, left);
    },
    remove: () => {
      clearTimeout(timer);
      timer = undefined;
      rmSync(path, { force: true });
    },
  };
}

/** In the place of the file, when it is complete: a kill leaves the one or the other. */
function rewrite(path: string, entries: ReadonlyMap<string, unknown>): void {
  if (entries.size === 0) {
    rmSync(path);
    return;
  }
  const beside = `${path}.new`;
  writeFileSync(beside, [...entries].map(([key, result]) => lineOf(key, result)).join(''), { flush: true });
  renameSync(beside, path);
  syncFolder(path);
}

/** A name is on the disk when its folder is. */
function syncFolder(path: string): void {
  syncFile(dirname(resolve(path)));
}

function syncFile(path: string): void {
  try {
    const file = openSync(path, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // Not every file system can, and the file may be gone; the results are in memory.
  }
}

/** A result is on the disk so long after it was kept. */
const FLUSH_MS = 250;

const LINE = /^([0-9a-f]{64}) (.*)$/;
const entrySchema = z.tuple([z.string(), z.unknown()]);

/** A line that holds an entry. */
export function lineOf(key: string, result: unknown): string {
  const entry = JSON.stringify([key, result]);
  return `${sumOf(entry)} ${entry}\n`;
}

function sumOf(entry: string): string {
  return createHash('sha256').update(entry).digest('hex');
}

function readJournal(path: string): Map<string, unknown> {
  const finished = new Map<string, unknown>();
  if (!existsSync(path)) return finished;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const entry = entryOf(line);
    if (entry !== undefined) finished.set(...entry);
  }
  return finished;
}

/** The entry of a line; `undefined` where it is not what was written. */
export function entryOf(line: string): [key: string, result: unknown] | undefined {
  const [, sum, entry = ''] = LINE.exec(line) ?? [];
  if (sum === undefined || sumOf(entry) !== sum) return undefined;
  const parsed = entrySchema.safeParse(JSON.parse(entry));
  return parsed.success ? parsed.data : undefined;
}
