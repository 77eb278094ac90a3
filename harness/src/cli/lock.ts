/** Locks of what several programs may write: who comes second is told, in one line, who is there. */
import { existsSync, linkSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { UsageError } from './errors.ts';
import { makeFolder } from './files.ts';

/** Who holds a lock. A process number comes again; with the time of its start it does not. */
const holderSchema = z.object({ host: z.string(), pid: z.int(), start: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** Tries to take over a lock whose holder has died; others may try it too. */
const ATTEMPTS = 10;

/**
 * Takes a lock. One whose holder has died on this host is taken over. The value gives it back, and with it the folder
 * that was made for it if nothing else is in it.
 *
 * @param path - of the lock's file
 * @param origin - what is locked, for messages
 * @throws UsageError where somebody holds it; the file system's error where it cannot be made
 */
export function lock(path: string, origin: string): () => void {
  const isMade = !existsSync(dirname(path));
  makeFolder(dirname(path));
  const mine = `${JSON.stringify({ host: hostname(), pid: process.pid, start: startOf(process.pid) ?? '' })}\n`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (claim(path, mine)) return () => release(path, mine, isMade);
    const text = textOf(path);
    if (text === undefined) continue;
    const holder = holderIn(text);
    if (holder === undefined || !isDead(holder)) throw new UsageError(`${origin}: ${whoIs(holder)}`);
    removeStale(path, text);
  }
  throw new UsageError(`${origin}: its lock changes hands all the time; run it again, or remove ${path}`);
}

/** Made complete and then linked, so that nobody ever reads half of it. */
function claim(path: string, text: string): boolean {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, text);
  try {
    linkSync(beside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Takes a dead holder's lock away, unless another program has been faster and it is that one's by now. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (textOf(aside) !== stale) linkSync(aside, path);
  } catch {
    // Gone, or held again: the next attempt sees.
  }
  rmSync(aside, { force: true });
}

function release(path: string, mine: string, isMade: boolean): void {
  if (textOf(path) === mine) rmSync(path, { force: true });
  if (!isMade) return;
  try {
    rmdirSync(dirname(path));
  } catch {
    // Something else is in it.
  }
}

/**
 * Takes the lock of a folder whose files are written together. It lies beside the folder, since that may be exchanged
 * for another one; where nothing can be written there, nothing can be exchanged, and it lies within.
 *
 * @throws UsageError where somebody holds it
 */
export function lockFolder(folder: string, origin: string): () => void {
  const target = resolve(folder);
  try {
    return lock(join(dirname(target), `.${basename(target)}.lock`), origin);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return lock(join(target, '.lock'), origin);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function whoIs(holder: Holder | undefined): string {
  if (holder === undefined) return 'is locked, by a file that s2bench has not written; remove it if nobody uses it';
  const where = holder.host === hostname() ? '' : ` on ${holder.host.replaceAll(/[^\w.-]/g, '?')}`;
  return `another s2bench writes there (process ${holder.pid}${where}); wait until it has ended, or name another folder`;
}

/** Of another host nothing is known. */
function isDead({ host, pid, start }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's lives too.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = startOf(pid);
  return now !== undefined && start !== '' && now !== start;
}

/** When a process was started, in the kernel's ticks; nothing where there is no procfs. */
function startOf(pid: number): string | undefined {
  // After the command's name, which may hold anything, starttime is the 20th field: proc_pid_stat(5).
  return textOf(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ')[19];
}
