/** Files that are read, folders that are made, and files that are written: all of them or none. */
import { constants } from 'node:buffer';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { oneLine, systemLine, UsageError } from './errors.ts';
import { insideFolder } from './inside-folder.ts';

/**
 * Does something on the disk. What the operating system refuses is said in one line; any other error stays what it is.
 *
 * @param origin - what names the file or folder, for messages
 * @param problem - what could not be done: "cannot be read"
 * @throws UsageError where the operating system refuses
 */
export function onDisk<T>(origin: string, problem: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (systemLine(error) === undefined) throw error;
    throw new UsageError(`${origin}: ${problem}: ${oneLine(error)}`);
  }
}

/** No text of V8 is longer. What has no end (a device, a pipe that goes on and on) ends here too. */
const MAX_BYTES = constants.MAX_STRING_LENGTH;
const CHUNK_BYTES = 1 << 20;

/**
 * Reads a file.
 *
 * @param file - a path, or the number of a file that is open: 0 is stdin
 * @param origin - what names it, for messages
 * @param advice - what would be right, for messages
 * @throws UsageError where it cannot be read, or is larger than a text can be
 */
export function readText(file: string | number, origin: string, advice?: string): string {
  const rest = advice === undefined ? '' : `; ${advice}`;
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(file);
  } catch (error) {
    throw new UsageError(`${origin}: cannot be read: ${oneLine(error)}${rest}`);
  }
  if (bytes === undefined)
    throw new UsageError(`${origin}: cannot be read: larger than ${Math.floor(MAX_BYTES / 2 ** 20)} MiB${rest}`);
  const text = bytes.toString('utf8');
  const capture = CAPTURES.find(({ sign }) => sign.test(text.slice(0, HEAD_CHARS)));
  if (capture !== undefined)
    throw new UsageError(
      `${origin}: is ${capture.what}, and captures are not read; write what it maps as an op script (s2bench ops), and its times as figures (s2bench calibrate --figures)`,
    );
  return text;
}

/** What is taken for one of ours before anybody looks: what a real kernel or its selftests have printed. */
const CAPTURES = [
  { sign: /^# tracer: /, what: 'what ftrace has printed' },
  { sign: /^Testing guest mode: /m, what: 'what a selftest of KVM has printed' },
] as const;
/** In which a capture says what it is. */
const HEAD_CHARS = 2000;

/** All of a file; `undefined` where it is more than a text can hold. */
function readBytes(file: string | number): Buffer | undefined {
  const fd = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    const stat = fstatSync(fd);
    if (stat.isFile() && stat.size > MAX_BYTES) return undefined;
    if (stat.isFile() && stat.size > 0) return readFileSync(fd);
    const chunks: Buffer[] = [];
    for (let total = 0; total <= MAX_BYTES; total += chunks.at(-1)?.length ?? 0) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = readSync(fd, chunk);
      if (length === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, length));
    }
    return undefined;
  } finally {
    if (typeof file === 'string') closeSync(fd);
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
    made.push(folder);
  } catch (error) {
    // Another process may have been faster.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Folders that this process has made, each after its parent. */
const made: string[] = [];

/** Takes folders back that were made for what was then refused: those in which nothing is. */
export function withdrawFolders(): void {
  for (const folder of made.splice(0).reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      // Something is in it, or it is gone.
    }
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
  const staging = onDisk(resolve(folder), 'cannot be written', () => mkdtempSync(join(folder, '.writing-')));
  try {
    for (const [name, content] of files) {
      onDisk(resolve(folder, name), 'cannot be written', () => {
        makeFolder(dirname(join(staging, name)));
        writeFileSync(join(staging, name), content, { flush: true });
      });
    }
    for (const name of files.keys()) {
      onDisk(resolve(folder, name), 'cannot be written', () => {
        makeFolder(dirname(join(folder, name)));
        renameSync(join(staging, name), join(folder, name));
      });
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
