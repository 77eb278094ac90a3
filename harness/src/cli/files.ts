/** Files that are read, folders that are made, and files that are written: all of them or none. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { oneLine, UsageError } from './errors.ts';
import { insideFolder } from './inside-folder.ts';

/**
 * Reads a file.
 *
 * @param origin - what names it, for messages
 * @throws UsageError where it cannot be read
 */
export function readText(path: string, origin: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${origin}: cannot be read: ${oneLine(error)}`);
  }
}

/**
 * Reads a file of JSON that a program may have written.
 *
 * @param origin - what names it, for messages
 * @throws UsageError where it cannot be read, or is no JSON
 */
export function readJson(path: string, origin: string): unknown {
  const text = readText(path, origin);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${origin}: not JSON, or cut off: ${oneLine(error)}`);
  }
}

/**
 * Makes a folder where it is missing, and the folders above it.
 *
 * Node's own recursive mkdir never returns where a file system answers ENOENT below a folder that exists, as procfs
 * does: it makes the parent, which is there, and tries again.
 *
 * @throws the file system's error where it cannot be made
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/**
 * Makes sure that files can be written into a folder, making it where it is missing.
 *
 * @param origin - what names it, for messages
 * @param flag - the option that names another
 * @throws UsageError where they cannot
 */
export function requireWritable(folder: string, origin: string, flag = '--out'): void {
  try {
    makeFolder(resolve(folder));
    rmSync(mkdtempSync(join(folder, '.probe-')), { recursive: true });
  } catch (error) {
    throw new UsageError(`${origin}: cannot be written (${oneLine(error)}); name a folder that can, with ${flag}`);
  }
}

/**
 * Writes files into a folder. They are written beside it first and moved when all are complete, so that a full
 * disk or a kill leaves the earlier ones as they were.
 *
 * @param files - name, or path below the folder, to content. Names come from data: each is checked
 * @throws UsageError where a name leaves the folder, or is that of a folder
 */
export function writeTogether(folder: string, files: ReadonlyMap<string, string>): void {
  for (const name of files.keys()) {
    const path = insideFolder(folder, name, folder);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      throw new UsageError(`${path}: is a folder, and a file of that name is to be written`);
  }
  const staging = mkdtempSync(join(folder, '.writing-'));
  try {
    for (const [name, content] of files) {
      makeFolder(dirname(join(staging, name)));
      writeFileSync(join(staging, name), content, { flush: true });
    }
    for (const name of files.keys()) {
      makeFolder(dirname(join(folder, name)));
      renameSync(join(staging, name), join(folder, name));
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
