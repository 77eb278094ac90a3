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
import type { WorldTask } from './verify-plan.ts';

/** The packages that a result depends on, besides its strategy. */
const SIMULATOR_PACKAGES = ['@s2bench/core', '@s2bench/kernel', '@s2bench/machine', '@s2bench/workloads'];
/** The packages that a verdict depends on. */
const VERIFIER_PACKAGES = ['@s2bench/core', '@s2bench/kernel', '@s2bench/verify'];

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

/** A fingerprint of the code of a strategy: of its file or folder, of all that it imports, and of its hooks. */
export function fingerprintStrategy({ sourcePath, entryUrl, hooks = [] }: StrategyLocation): string {
  const own = [fingerprintCode(sourcePath), fingerprintImports(entryUrl, fingerprintCode)];
  return hash([...own, ...hooks.map(fingerprintStrategy)]);
}

/** A fingerprint of s2bench itself: its version and the code that simulates. */
export function fingerprintTool(): string {
  return fingerprintOurs(SIMULATOR_PACKAGES, ['src/execute/simulate', 'dist/execute/simulate']);
}

/** A fingerprint of s2bench itself as far as a verdict depends on it: its version and the code that explores. */
export function fingerprintVerifier(): string {
  return fingerprintOurs(VERIFIER_PACKAGES, ['src/execute/explore.ts', 'dist/execute/explore.js']);
}

/** @param places - in this package; the first that is there counts */
function fingerprintOurs(packages: readonly string[], places: readonly string[]): string {
  const hash = createHash('sha256').update(toolVersion());
  for (const name of packages) {
    const folder = findInstalledPackage(name, PACKAGE_FOLDER);
    if (folder !== undefined) hash.update(fingerprintCode(folder));
  }
  const place = places.map((one) => join(PACKAGE_FOLDER, one)).find((one) => existsSync(one));
  if (place !== undefined) hash.update(fingerprintCode(place));
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

/**
 * The key of what a world came to: all that it depends on. Where the strategy lies is no part of it, the options in its
 * URL are.
 */
export function verdictKey(task: WorldTask, verifierFingerprint: string, strategyFingerprint: string): string {
  const { subject, ...question } = task;
  const options = subject.kind === 'strategy' ? new URL(subject.url).search : '';
  return hash([subject.kind, subject.name, options, question, verifierFingerprint, strategyFingerprint]);
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
  /** Of each workload that does not come with s2bench, by its name. */
  readonly workloads?: ReadonlyMap<string, string>;
}

/** Takes the fingerprints of what a plan runs. */
export function codeOfRun({
  strategies,
  workloads = [],
}: Pick<RunPlan, 'strategies'> & Partial<Pick<RunPlan, 'workloads'>>): RunCode {
  return {
    workloads: new Map(
      workloads.flatMap(({ name, location }) =>
        location === undefined ? [] : [[name, fingerprintStrategy(location)]],
      ),
    ),
    simulator: fingerprintTool(),
    strategies: new Map(strategies.map(({ name, location }) => [name, fingerprintStrategy(location)])),
  };
}

/** The key of a cell's result: all that it depends on. */
export function cellKey(job: CellJob, { simulator, strategies, workloads }: RunCode): string {
  const tool = `${simulator}${workloads?.get(job.cell.workload) ?? ''}`;
  return journalKey(job, tool, strategies.get(job.cell.strategy) ?? '');
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
      simulator: [code.simulator, ...(code.workloads?.values() ?? [])].join('-'),
      strategies: hash([...code.strategies]),
      profiles: hash(plan.profiles.map(({ profile }) => profile)),
    },
  };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
