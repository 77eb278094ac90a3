/** What a user does who has nothing but the registry. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { execute, type CommandOptions } from './command.ts';
import { sizeBytesOf } from './size.ts';

/** The first strategy that somebody installs. */
const STRATEGY = '@s2bench/strategy-install-first-uniform-cmo';

const MAX_SIZE_MIB = 30;

/** A folder outside of the repository and the registry that it installs from. */
export interface Outside {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

function inFolder({ folder, env }: Outside, name: string): CommandOptions {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  return { cwd, env };
}

/** Installs the tool and nothing else, and weighs it. Returns a line to print. */
export function installTool(outside: Outside): string {
  const options = inFolder(outside, 'tool');
  execute('npm', ['init', '--yes'], options);
  execute('npm', ['install', 's2bench'], options);
  const sizeMiB = sizeBytesOf(join(options.cwd, 'node_modules')) / 2 ** 20;
  if (sizeMiB > MAX_SIZE_MIB) throw new Error(`s2bench takes ${sizeMiB.toFixed(1)} MiB, more than ${MAX_SIZE_MIB}`);
  return `${sizeMiB.toFixed(1)} MiB of files; s2bench --version in ${startUpMs(options).toFixed(0)} ms (median of 9), of which Node itself ${nodeMs(options).toFixed(0)} ms`;
}

/** Runs a matrix with a strategy that was installed. */
export function runMatrix(outside: Outside): string {
  const options = inFolder(outside, 'matrix');
  execute('npm', ['init', '--yes'], options);
  execute('npm', ['install', 's2bench', STRATEGY], options);
  const text = execute(
    'npx',
    ['s2bench', 'run', '--strategy', `baseline,${STRATEGY}`, '--vcpus', '4', '--memory', '2G', '--json'],
    options,
  );
  const { cells } = JSON.parse(text) as { readonly cells: readonly { readonly status: string }[] };
  const finished = cells.filter(({ status }) => status === 'ok').length;
  if (finished === 0 || finished !== cells.length)
    throw new Error(`${finished} of ${cells.length} cells were simulated`);
  return `${finished} cells`;
}

/** Makes a strategy with the create package, does with it what that package's README says, and runs it from outside. */
export function createStrategy(outside: Outside): string {
  const options = inFolder(outside, 'matrix');
  const start = ['--from', 'full-population-check'];
  execute('npm', ['create', '--yes', 's2bench-strategy', 'holes-only', '--', ...start], options);
  const made = { ...options, cwd: join(options.cwd, 'holes-only') };
  execute('npm', ['install'], made);
  const tests = execute('npm', ['test'], made);
  execute('npm', ['run', 'typecheck'], made);
  execute('npm', ['run', 'verify'], made);
  // The whole matrix of the thread says no more of the package.
  execute('npm', ['run', 'matrix', '--', '--vcpus', '2', '--memory', '1G'], made);
  execute('npx', ['s2bench', 'run', '--strategy', './holes-only', '--vcpus', '2', '--memory', '1G', '--json'], options);
  return /Tests\s+(.*)/.exec(stripVTControlCharacters(tests))?.[1]?.trim() ?? 'its tests passed';
}

/** Writes a strategy in a file that has nothing beside it; tsc, which the package above brings, and the explorer take it. */
export function initStrategy(outside: Outside): void {
  const options = inFolder(outside, 'matrix');
  const file = join('..', 'alone', 'mine.ts');
  execute('npx', ['s2bench', 'init', file], options);
  execute('npx', ['tsc', '--project', join('..', '..', 'alone')], inFolder(outside, join('matrix', 'holes-only')));
  execute('npx', ['s2bench', 'verify', file, '--world', 'partial-table', '--fwb', 'off'], options);
}

function startUpMs(options: CommandOptions): number {
  return medianMs(() =>
    execute(process.execPath, [join('node_modules', 's2bench', 'bin', 's2bench.js'), '--version'], options),
  );
}

function nodeMs(options: CommandOptions): number {
  return medianMs(() => execute(process.execPath, ['--eval', ''], options));
}

function medianMs(act: () => void): number {
  act();
  const times = Array.from({ length: 9 }, () => {
    const startedAt = performance.now();
    act();
    return performance.now() - startedAt;
  });
  return times.sort((a, b) => a - b)[4] ?? NaN;
}
