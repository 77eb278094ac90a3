/** `s2bench bench`: measures the core's and the strategies' own code. */
import type { Writable } from 'node:stream';
import type { Strategy } from '@s2bench/core';
import { type Benchmark, COMPARISONS, compare, makeBenchmarks, measure } from '@s2bench/core/bench';
import { EXIT } from '../../cli/exit-codes.ts';
import { oneLine } from '../../cli/one-line.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { parseInteger } from '../../options/integer.ts';
import { discoverStrategies } from '../../plugins/discover.ts';
import { loadNamedStrategy } from '../../plugins/load-named.ts';
import { expandStrategy, splitStrategies } from '../../plugins/strategy-text.ts';
import type { RoundFlags } from './against.ts';
import { hostMachine, openRound } from './saved.ts';
import { HEADER, measurementLine, ratioLine } from './table.ts';

/** The command's flags as commander gives them. */
export interface BenchFlags extends RoundFlags {
  readonly against?: string;
}

/** What the table's benchmarks run with where nothing is coalesced. */
const FIRST = 'baseline';

/** Runs the command; the value is the exit code. */
export async function bench(flags: BenchFlags, stdout: Writable = process.stdout): Promise<number> {
  if (flags.against !== undefined) return (await import('./against.ts')).benchAgainst(flags.against, flags, stdout);
  if (flags.rounds !== undefined) throw new UsageError('--rounds: needs --against, what is to be compared with');
  const timeMs = parseInteger(flags.time, '--time', { min: 1, max: 600_000, example: 500 });
  const matches = readFilter(flags.filter);
  const all = makeBenchmarks(await loadStrategies(flags.strategy, process.cwd()));
  const chosen = all.filter(({ name }) => matches(name));
  if (chosen.length === 0)
    throw new UsageError(`--filter ${flags.filter ?? ''}: matches no benchmark; there are ${namesOf(all)}`);
  const isTable = flags.json !== true;
  if (isTable) stdout.write(HEADER);
  const round = flags.save === undefined ? undefined : openRound(flags.save, process.cwd());
  const measurements = await measure(chosen, timeMs, (measurement, samplesNs) => {
    round?.add(measurement.name, samplesNs);
    if (isTable) stdout.write(measurementLine(measurement));
  });
  const ratios = compare(measurements, COMPARISONS);
  if (isTable) {
    if (ratios.length > 0) stdout.write(`\n${ratios.map(ratioLine).join('')}`);
  } else {
    stdout.write(
      `${JSON.stringify({ schemaVersion: 1, tool: 's2bench bench', machine: hostMachine(), timeMs, measurements, ratios }, null, 2)}\n`,
    );
  }
  const kept = round?.save();
  if (kept !== undefined) process.stderr.write(`s2bench: round ${kept.rounds} kept in ${kept.path}\n`);
  return EXIT.ok;
}

/** The strategies that are asked for, or every one that can be named, `baseline` first. */
async function loadStrategies(lists: readonly string[] | undefined, cwd: string): Promise<Strategy[]> {
  const asked = lists?.flatMap(splitStrategies).flatMap((text) => expandStrategy(text, '--strategy'));
  const texts = asked ?? namedStrategies(cwd);
  const strategies: Strategy[] = [];
  for (const text of new Set(texts)) {
    strategies.push(await loadNamedStrategy(text, cwd, asked === undefined ? 'bench: strategy' : '--strategy'));
  }
  return strategies;
}

function namedStrategies(cwd: string): string[] {
  const names = [...discoverStrategies(cwd).keys()];
  const ordered = [...names.filter((name) => name === FIRST), ...names.filter((name) => name !== FIRST)];
  if (ordered.length === 0) throw new UsageError('bench: no strategy is installed');
  return ordered;
}

function readFilter(text: string | undefined): (name: string) => boolean {
  if (text === undefined) return () => true;
  try {
    const pattern = new RegExp(text, 'i');
    return (name) => pattern.test(name);
  } catch (error) {
    throw new UsageError(`--filter ${text}: ${oneLine(error)}`);
  }
}

function namesOf(benchmarks: readonly Benchmark[]): string {
  return benchmarks.map(({ name }) => `"${name}"`).join(', ');
}
