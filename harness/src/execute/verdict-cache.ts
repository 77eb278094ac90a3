/**
 * What worlds came to in earlier runs, kept in the user's cache folder under a hash of all that it depends on. Nothing in
 * it is needed: what cannot be read is explored anew, and what cannot be written is not kept.
 *
 * It is read and written by the program's own thread. A strategy's thread is told nothing of it.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerifyResult } from '@s2bench/verify';
import envPaths from 'env-paths';
import { fingerprintVerifier, verdictKey } from '../plan/fingerprints.ts';
import type { Explored, WorldTask } from '../plan/verify-plan.ts';
import { entryOf, lineOf } from './journal-file.ts';

/** What has not been used for so long goes: the code that it is of has changed since. */
const UNUSED_MS = 60 * 24 * 3600 * 1000;

/** The folder where the operating system wants caches of this user: `$XDG_CACHE_HOME/s2bench` on Linux. */
export function cacheFolder(): string {
  return envPaths('s2bench', { suffix: '' }).cache;
}

/** A number of states is met at the same state on every machine. */
function isRepeatable({ verdict, states, bounds }: VerifyResult): boolean {
  return verdict !== 'incomplete' || states > bounds.maxStates;
}

/** Results of explorations, from run to run. */
export class VerdictCache {
  readonly #folder: string;
  readonly #strategies: ReadonlyMap<string, string>;
  readonly #verifier = fingerprintVerifier();

  /**
   * @param folder - made with the first result
   * @param strategies - fingerprints of code by name; one that has none is always explored
   */
  constructor(folder: string, strategies: ReadonlyMap<string, string>) {
    this.#folder = join(folder, 'verdicts');
    this.#strategies = strategies;
    this.#dropUnused();
  }

  /** What an earlier run has found; `undefined` where none has, or the file is not what was written. */
  find(task: WorldTask): Explored | undefined {
    const key = this.#keyOf(task);
    if (key === undefined) return undefined;
    try {
      const path = this.#pathOf(key);
      const entry = entryOf(readFileSync(path, 'utf8').trimEnd());
      if (entry?.[0] !== key) return undefined;
      const now = new Date();
      utimesSync(path, now, now);
      // Whole, under a hash of the code that wrote it: it is what that code says it is.
      return entry[1] as Explored;
    } catch {
      return undefined;
    }
  }

  /** Keeps what was found, where it would be found again: what a bound of time or memory has cut off hangs on the machine. */
  keep(task: WorldTask, explored: Explored): void {
    const key = this.#keyOf(task);
    if (key === undefined || !explored.ok || !explored.results.every(isRepeatable)) return;
    const path = this.#pathOf(key);
    const beside = `${path}.${randomUUID()}`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(beside, lineOf(key, explored), { flag: 'wx' });
      renameSync(beside, path);
    } catch {
      // What a full disk has left goes when it is old.
    }
  }

  #keyOf(task: WorldTask): string | undefined {
    const strategy = this.#strategies.get(task.subject.name);
    return strategy === undefined ? undefined : verdictKey(task, this.#verifier, strategy);
  }

  #pathOf(key: string): string {
    return join(this.#folder, key);
  }

  #dropUnused(): void {
    try {
      const oldest = Date.now() - UNUSED_MS;
      for (const name of readdirSync(this.#folder)) {
        const path = join(this.#folder, name);
        if (statSync(path).mtimeMs < oldest) rmSync(path);
      }
    } catch {
      // There is none, or another run is at it.
    }
  }
}
