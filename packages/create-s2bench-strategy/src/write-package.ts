/** Writes a new package's folder: whole, or not at all. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Files } from './starts.ts';

/** Writes the files beside the folder first, so that what is in the way or full stops it before anything stands. */
export function writePackage(folder: string, files: Files): void {
  const beside = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  try {
    mkdirSync(beside);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(beside, path)), { recursive: true });
      writeFileSync(join(beside, path), text);
    }
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
}
