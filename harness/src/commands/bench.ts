/**
 * `s2bench bench`: measures the core's and the strategies' own code; with --against beside another s2bench, the two
 * taking turns, each round a process of its own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { compare, COMPARISONS, type Measurement } from '@s2bench/kernel/bench';
import { compareWallTimes, renderWallTimes, type WallTimes } from '@s2bench/report';
import { type FitColumn, type OpenTable, openTable, type PlainRow } from '@s2bench/report/text';
import { EXIT, oneLine, UsageError } from '../cli/errors.ts';
import { PACKAGE_FOLDER, workerUrl } from '../cli/installation.ts';
import { type MaybeTerminal, note, print, printJson, textOptions, type TextOptions } from '../cli/terminal.ts';
import type { BenchSaid, BenchTask } from '../execute/bench/run.ts';
import { parseInteger } from '../options/values.ts';
import { isHookPackage } from '../plugins/hooks.ts';
import { isLaterUpstream } from '../options/kernels.ts';
import { discoverStrategies, locateStrategy } from '../plugins/locate.ts';
import { expandStrategy, splitStrategies } from '../plugins/strategy-text.ts';
import { runInThread } from '../plugins/thread.ts';
import { hostMachine } from '../report/environment.ts';
import { isSaved, openRound, readSaved, type Round } from '../report/wall-times.ts';

const worker = (): URL => workerUrl('bench-worker', '../execute/bench/worker.ts', import.meta.url);

/** The command's flags as commander gives them. */
export interface BenchFlags {
  readonly filter?: string;
  /** Each of its flags. */
  readonly strategy?: readonly string[];
  readonly time: string;
  readonly json?: boolean;
  readonly save?: string;
  readonly against?: string;
  readonly rounds?: string;
}

/** What the table's benchmarks run with where nothing is coalesced. */
const FIRST = 'baseline';

/** Runs the command; the value is the exit code. */
export async function bench(flags: BenchFlags, stdout: Writable = process.stdout): Promise<number> {
  if (flags.against !== undefined) return benchAgainst(flags.against, flags, stdout);
  if (flags.rounds !== undefined) throw new UsageError('--rounds: needs --against, what is to be compared with');
  const timeMs = parseInteger(flags.time, '--time', { min: 1, max: 600_000, example: 500 });
  const pattern = readPattern(flags.filter);
  const strategies = locateStrategies(flags.strategy, process.cwd());
  const isTable = flags.json !== true;
  const table = openBenchTable(textOptions(stdout as MaybeTerminal));
  const measurements: Measurement[] = [];
  let round: Round | undefined;
  let failed: string | undefined;
  const problem = await runInThread<BenchSaid>(worker(), { strategies, timeMs, pattern } satisfies BenchTask, {
    hear: (said) => {
      switch (said.kind) {
        case 'refused':
          throw new UsageError(said.problem);
        case 'begun':
          if (said.chosen === 0)
            throw new UsageError(
              `--filter ${flags.filter ?? ''}: matches no benchmark; there are ${namesOf(said.names)}`,
            );
          if (isTable) print(linesOf(table.head), stdout);
          round = flags.save === undefined ? undefined : openRound(flags.save, process.cwd());
          break;
        case 'measured':
          measurements.push(said.measurement);
          round?.add(said.measurement.name, said.samplesNs);
          if (isTable) print(linesOf(table.row(measurementRow(said.measurement))), stdout);
          break;
        case 'failed':
          failed = said.problem;
      }
    },
  });
  if (failed !== undefined || problem !== undefined) throw new UsageError(`bench: ${failed ?? problem ?? ''}`);
  const ratios = compare(measurements, COMPARISONS);
  if (!isTable)
    printJson(
      { schemaVersion: 1, tool: 's2bench bench', machine: hostMachine(), timeMs, measurements, ratios },
      stdout,
    );
  else if (ratios.length > 0)
    print(
      `\n${linesOf(ratios.flatMap(({ name, ratio }) => table.row([{ text: name }, { text: number(ratio) }])))}`,
      stdout,
    );
  const kept = round?.save();
  if (kept !== undefined) note(`round ${kept.rounds} kept in ${kept.path}`);
  return EXIT.ok;
}

/** The strategies that are asked for, or every one that can be named, `baseline` first. */
function locateStrategies(lists: readonly string[] | undefined, cwd: string): BenchTask['strategies'] {
  const asked = lists?.flatMap(splitStrategies).flatMap((text) => expandStrategy(text, '--strategy'));
  const known = discoverStrategies(cwd);
  const origin = asked === undefined ? 'bench: strategy' : '--strategy';
  return [...new Set(asked ?? namesIn(known))].map((text) => {
    const { entryUrl, label } = locateStrategy(text, known, cwd, origin);
    return { entryUrl, label };
  });
}

function namesIn(known: ReadonlyMap<string, string>): string[] {
  // The benchmarks run the walker and the order of v5.12p1, and what is no order is nothing to run.
  const names = [...known]
    .filter(([name, path]) => !isLaterUpstream(name) && !isHookPackage(path))
    .map(([name]) => name);
  const ordered = [...names.filter((name) => name === FIRST), ...names.filter((name) => name !== FIRST)];
  if (ordered.length === 0) throw new UsageError('bench: no strategy is installed');
  return ordered;
}

function readPattern(text: string | undefined): RegExp {
  try {
    return new RegExp(text ?? '', 'i');
  } catch (error) {
    throw new UsageError(`--filter ${text ?? ''}: ${oneLine(error)}`);
  }
}

function namesOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** Columns of the table, with their widths; a name that is wider than what the terminal leaves goes on below itself. */
const NUMBERS: readonly (FitColumn & { readonly width: number })[] = [
  { label: 'best', align: 'right', width: 7 },
  { label: 'median', align: 'right', width: 7 },
  { label: 'p99', align: 'right', width: 7 },
  { label: 'x yardstick', align: 'right', width: 11 },
  { label: 'runs', align: 'right', width: 5 },
];
const LEAST_NAME = 20;
const WIDEST_NAME = 58;

/** A table, whose rows come as they are measured. */
function openBenchTable({ columns, color }: TextOptions): OpenTable {
  const rest = NUMBERS.reduce((sum, { width }) => sum + width + 2, 0);
  const nameWidth = Math.max(LEAST_NAME, Math.min(WIDEST_NAME, columns - rest));
  const name: FitColumn = { label: 'nanoseconds a leaf', align: 'left' };
  return openTable([name, ...NUMBERS], [nameWidth, ...NUMBERS.map(({ width }) => width)], { color });
}

const number = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** The values of a row. */
function measurementRow({ name, bestNs, medianNs, p99Ns, timesYardstick, samples }: Measurement): PlainRow {
  const yardsticks = timesYardstick === undefined ? '' : number(timesYardstick);
  return [name, number(bestNs), number(medianNs), number(p99Ns), yardsticks, String(samples)].map((text) => ({ text }));
}

const OURS = join(PACKAGE_FOLDER, 'bin/s2bench.js');
/** Where the program is in a clone, in the package itself, and in a folder that has it installed. */
const PLACES = ['harness/bin/s2bench.js', 'bin/s2bench.js', 'node_modules/s2bench/bin/s2bench.js'];
const DEFAULT_ROUNDS = '10';

/** A program that runs rounds, and the file that it keeps them in. */
interface Side {
  readonly program: string;
  readonly cwd: string;
  readonly file: string;
  readonly name: string;
}

/** Runs the rounds and prints what differs; the value is the exit code. */
export async function benchAgainst(
  against: string,
  flags: BenchFlags,
  stdout: Writable,
  cwd = process.cwd(),
): Promise<number> {
  const rounds = parseInteger(flags.rounds ?? DEFAULT_ROUNDS, '--rounds', { min: 1, max: 1000, example: 10 });
  const saved = isSaved(against, cwd) ? readSaved(against, cwd) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 's2bench-bench-'));
  try {
    const ours: Side = { program: OURS, cwd, file: flags.save ?? join(folder, 'head.json'), name: '--save' };
    const theirs = saved === undefined ? otherSide(against, folder, cwd) : undefined;
    const earlier = isSaved(ours.file, cwd) ? readSaved(ours.file, cwd).rounds.length : 0;
    for (let round = 0; round < rounds; round++) {
      note(`round ${round + 1} of ${rounds}`);
      // ABBA: what comes second in a round has no advantage over all of them.
      const turns = theirs === undefined ? [ours] : round % 2 === 0 ? [theirs, ours] : [ours, theirs];
      for (const side of turns) await runRound(side, flags);
    }
    const base = saved ?? readSaved(join(folder, 'base.json'), cwd);
    const head: WallTimes = readSaved(ours.file, cwd);
    const times = { ...head, rounds: head.rounds.slice(earlier) };
    const comparison = compareWallTimes({ name: against, times: base }, { name: flags.save ?? 'this s2bench', times });
    if (flags.json === true) printJson({ schemaVersion: 1, tool: 's2bench bench --against', ...comparison }, stdout);
    else print(renderWallTimes(comparison), stdout);
    return EXIT.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function otherSide(against: string, folder: string, cwd: string): Side {
  const root = resolve(cwd, against);
  const place = PLACES.find((name) => existsSync(join(root, name)));
  if (against === '' || place === undefined) {
    throw new UsageError(
      `--against ${against === '' ? '""' : against}: neither saved wall times nor a folder with s2bench; git worktree add ../base main && (cd ../base && npm ci) makes one`,
    );
  }
  return { program: join(root, place), cwd: root, file: join(folder, 'base.json'), name: `--against ${against}` };
}

async function runRound({ program, cwd, file, name }: Side, { time, filter, strategy }: BenchFlags): Promise<void> {
  const args = ['bench', '--time', time, '--save', file, ...(filter === undefined ? [] : ['--filter', filter])];
  const strategies = (strategy ?? []).flatMap((text) => ['--strategy', text]);
  const child = spawn(process.execPath, [program, ...args, ...strategies], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return;
  const line =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^s2bench: /, '') ?? '';
  throw new UsageError(`${name}: s2bench bench ended with ${code ?? 'a signal'}${line === '' ? '' : `: ${line}`}`);
}
