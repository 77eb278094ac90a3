/** Wall times that are kept: rounds under a name. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseWallTimes, ResultDocumentError, WALL_TIME_SCHEMA_VERSION, type WallTimes } from '@s2bench/report';
import { UsageError } from '../cli/errors.ts';
import { readText, requireWritable, writeTogether } from '../cli/files.ts';
import { toolVersion } from '../cli/installation.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { hostMachine } from './environment.ts';

const SAVED_FOLDER = join('.results', 'bench');
/** Digits of a sample: more than a clock gives. */
const DIGITS = 6;

/** A round that is being run. */
export interface Round {
  add(benchmark: string, samplesNs: readonly number[]): void;
  /** Writes it after those that were there. */
  save(): { readonly path: string; readonly rounds: number };
}

/** The file of a name, or of a path. */
export function savedPath(name: string, cwd: string): string {
  return looksLikePath(name) ? resolve(cwd, name) : join(cwd, SAVED_FOLDER, `${name}.json`);
}

/** Whether something is kept under a name. */
export function isSaved(name: string, cwd: string): boolean {
  return name !== '' && statSync(savedPath(name, cwd), { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Reads what is kept under a name.
 *
 * @throws UsageError of one line
 */
export function readSaved(name: string, cwd: string): WallTimes {
  try {
    return parseWallTimes(readText(savedPath(name, cwd), name), name);
  } catch (error) {
    throw error instanceof ResultDocumentError ? new UsageError(error.message) : error;
  }
}

/**
 * Begins a round. What is wrong with its name or with what is kept there is said before anything is measured.
 *
 * @throws UsageError
 */
export function openRound(name: string, cwd: string): Round {
  if (!looksLikePath(name) && !/^[\w][\w.-]*$/.test(name)) {
    throw new UsageError(
      `--save ${name === '' ? '""' : name}: a name has letters, digits, dots and hyphens; or write the path of a .json file`,
    );
  }
  const path = savedPath(name, cwd);
  requireWritable(dirname(path), `--save ${name}`);
  const before = existsSync(path) ? readSaved(name, cwd).rounds : [];
  const samplesNs: Record<string, number[]> = {};
  const startedMs = Date.now();
  return {
    add: (benchmark, samples) => {
      // A clock may give nothing for what is fast; the ratio of nothing says nothing.
      samplesNs[benchmark] = samples.filter((sample) => sample > 0).map((sample) => Number(sample.toPrecision(DIGITS)));
    },
    save: () => {
      const round = { startedMs, toolVersion: toolVersion(), machine: hostMachine(), samplesNs };
      const times: WallTimes = {
        schemaVersion: WALL_TIME_SCHEMA_VERSION,
        tool: 's2bench bench --save',
        rounds: [...before, round],
      };
      writeTogether(dirname(path), new Map([[basename(path), `${JSON.stringify(times)}\n`]]));
      return { path: relative(cwd, path), rounds: times.rounds.length };
    },
  };
}
