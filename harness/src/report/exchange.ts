/**
 * Exchanges the folder of a report as a whole: no moment has the new report beside the old results. What is in the
 * folder besides, such as a proof, stays.
 */
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PICTURE_FILES } from '@s2bench/report';
import { UsageError } from '../cli/errors.ts';
import { requireWritable, writeTogether } from '../cli/files.ts';
import { isBelow } from '../cli/inside-folder.ts';
import { lockFolder } from '../cli/lock.ts';
import type { OutFolder } from '../options/run-request.ts';

/** Pages of counterexamples and pictures belong to the results: those of earlier ones go with them. */
const OF_RESULTS = new Set<string>(['counterexamples', ...Object.values(PICTURE_FILES)]);
/** Where a folder cannot be renamed: a mount, or one above it that is not ours. */
const NOT_OURS = new Set(['EBUSY', 'EACCES', 'EPERM', 'EXDEV', 'EROFS', 'EINVAL']);

/**
 * Writes files into a folder, which is exchanged for one that has them all. Where it cannot be, since it is a mount, or
 * the current directory lies in it, each file is exchanged for itself.
 *
 * @param folder - it is there
 * @param files - name, or path below the folder, to content
 * @throws UsageError where a name leaves the folder
 */
export function exchangeFolder(folder: string, files: ReadonlyMap<string, string>): void {
  const target = realpathSync(folder);
  const above = dirname(target);
  if (target === above || process.cwd() === target || isBelow(target, process.cwd())) {
    writeTogether(target, files);
    return;
  }
  let staging: string;
  try {
    staging = mkdtempSync(join(above, `.${basename(target)}-new-`));
  } catch {
    writeTogether(target, files);
    return;
  }
  const old = `${staging}.old`;
  try {
    chmodSync(staging, statSync(target).mode);
    linkAll(target, staging);
    writeTogether(staging, files);
    renameSync(target, old);
    try {
      renameSync(staging, target);
    } catch (error) {
      renameSync(old, target);
      throw error;
    }
  } catch (error) {
    if (!NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    writeTogether(target, files);
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
}

/** Has the files of a folder in another one too. Both are of one file system; where it has no links, they are copied. */
function linkAll(from: string, to: string, below = ''): void {
  for (const entry of readdirSync(join(from, below), { withFileTypes: true })) {
    const name = join(below, entry.name);
    if (OF_RESULTS.has(name)) continue;
    if (entry.isDirectory()) {
      mkdirSync(join(to, name));
      linkAll(from, to, name);
    } else {
      try {
        linkSync(join(from, name), join(to, name));
      } catch {
        copyFileSync(join(from, name), join(to, name));
      }
    }
  }
}

/** Takes the folder of a report for this program alone. The value gives it back. */
export function takeFolder({ folder, origin }: OutFolder): () => void {
  const giveBack = lockOf(folder, origin);
  try {
    recoverFolder(folder);
    requireWritable(folder, origin);
    return giveBack;
  } catch (error) {
    giveBack();
    throw error;
  }
}

function lockOf(folder: string, origin: string): () => void {
  try {
    return lockFolder(folder, origin);
  } catch (error) {
    // Where nobody else has it, the folder itself is why, and what is said of that names the option.
    if (!(error instanceof UsageError)) requireWritable(folder, origin);
    throw error;
  }
}

/** Brings back a report that a kill has left between its two names. Whoever holds the lock: it may be under exchange. */
export function recoverFolder(folder: string): void {
  const target = resolve(folder);
  if (statSync(target, { throwIfNoEntry: false }) !== undefined) return;
  const above = dirname(target);
  if (statSync(above, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const left = readdirSync(above).filter((name) => name.startsWith(`.${basename(target)}-new-`));
  const old = left.find((name) => name.endsWith('.old'));
  if (old !== undefined) renameSync(join(above, old), target);
  for (const name of left) rmSync(join(above, name), { recursive: true, force: true });
}
