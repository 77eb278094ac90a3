/**
 * What a result depends on, and nothing else: fingerprints of code, the keys of cells, and what a shard says of its
 * matrix.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '@s2bench/report/schema';
import { PACKAGE_FOLDER, toolVersion } from '../cli/installation.ts';
import type { RunRequest } from '../options/run-request.ts';
import { findInstalledPackage, type StrategyLocation } from '../plugins/locate.ts';
import { fingerprintImports } from './import-graph.ts';
import type { CellJob, RunPlan } from './run-plan.ts';

/** The packages that a result depends on, besides its strategy. */
const SIMULATOR_PACKAGES = ['@s2bench/core', '@s2bench/kernel', '@s2bench/machine', '@s2bench/workloads'];

const CODE = /\.([cm]?[jt]s|json)$/;
const NOT_CODE = /\.(test|test-d|d)\.ts$|^tsconfig|^vitest\.config/;
const NOT_CODE_FOLDERS = new Set(['node_modules', 'out-tsc', 'coverage', 'test']);

/** A fingerprint of a file, or of the code in a folder: of its `src` if it has one, not of what was built from it. */
export function fingerprintCode(path: string): string {
  const hash = createHash('sha256');
  if (statSync(path).isFile()) hash.update(readFileSync(path));
  else addFolder(hash, path);
  return hash.digest('hex');
}

/** A fingerprint of the code of a strategy: of its file or folder, and of all that it imports. */
export function fingerprintStrategy({ sourcePath, entryUrl }: StrategyLocation): string {
  return hash([fingerprintCode(sourcePath), fingerprintImports(entryUrl, fingerprintCode)]);
}

/** A fingerprint of s2bench itself: its version and the code that simulates. */
export function fingerprintTool(): string {
  const hash = createHash('sha256').update(toolVersion());
  for (const name of SIMULATOR_PACKAGES) {
    const folder = findInstalledPackage(name, PACKAGE_FOLDER);
    if (folder !== undefined) hash.update(fingerprintCode(folder));
  }
  for (const folder of ['src/execute/simulate', 'dist/execute/simulate']) {
    if (existsSync(join(PACKAGE_FOLDER, folder)))
      return hash.update(fingerprintCode(join(PACKAGE_FOLDER, folder))).digest('hex');
  }
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const hasSource = entries.some(({ name }) => name === 'src');
  for (const entry of entries) {
    const { name } = entry;
    const path = join(folder, name);
    if (name.startsWith('.') || NOT_CODE_FOLDERS.has(name) || (hasSource && name === 'dist')) continue;
    if (entry.isDirectory()) addFolder(hash.update(`${name}/`), path);
    else if (entry.isFile() && CODE.test(name) && !NOT_CODE.test(name))
      hash.update(`${name}\0`).update(readFileSync(path));
  }
}

/** The key of a cell's result. */
export function journalKey(job: CellJob, toolFingerprint: string, strategyFingerprint: string): string {
  const { cell, profile, stages, exact, strategyVersion } = job;
  const parts = [cell, profile, stages, exact, strategyVersion, toolFingerprint, strategyFingerprint];
  return hash(parts);
}

/** One key for a whole matrix. */
export function matrixKey(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join()).digest('hex');
}

/** Fingerprints of the code that a run's results come from. */
export interface RunCode {
  readonly simulator: string;
  /** Of each strategy, by its name. */
  readonly strategies: ReadonlyMap<string, string>;
}

/** Takes the fingerprints of what a plan runs. */
export function codeOfRun({ strategies }: Pick<RunPlan, 'strategies'>): RunCode {
  return {
    simulator: fingerprintTool(),
    strategies: new Map(strategies.map(({ name, location }) => [name, fingerprintStrategy(location)])),
  };
}

/** The key of a cell's result: all that it depends on. */
export function cellKey(job: CellJob, { simulator, strategies }: RunCode): string {
  return journalKey(job, simulator, strategies.get(job.cell.strategy) ?? '');
}

/** The note of a run's shard; none where the run takes the whole matrix. */
export function shardNote({ shard, axes, exact }: RunRequest, plan: RunPlan, code: RunCode): Shard | undefined {
  if (shard === undefined) return undefined;
  return {
    ...shard,
    places: [...plan.places],
    matrixCells: plan.points.length,
    fingerprints: {
      matrix: hash([plan.points, axes.stages, exact]),
      simulator: code.simulator,
      strategies: hash([...code.strategies]),
      profiles: hash(plan.profiles.map(({ profile }) => profile)),
    },
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
