/** `s2bench bench`: measures the core's and the strategies' own code. */
import { arch, cpus } from 'node:os';
import type { Writable } from 'node:stream';
import type { Strategy } from '@s2bench/core';
import { type Benchmark, COMPARISONS, compare, makeBenchmarks, measure } from '@s2bench/core/bench';
import { EXIT } from '../../cli/exit-codes.ts';
import { oneLine } from '../../cli/one-line.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { parseInteger } from '../../options/integer.ts';
import { discoverStrategies } from '../../plugins/discover.ts';
import { loadNamedStrategy } from '../../plugins/load-named.ts';
import { HEADER, measurementLine, ratioLine } from './table.ts';

/** The command's flags as commander gives them. */
export interface BenchFlags {
  readonly filter?: string;
  readonly time: string;
  readonly json?: boolean;
}

/** What the table's benchmarks run with where nothing is coalesced. */
const FIRST = 'baseline';

/** Runs the command; the value is the exit code. */
export async function bench(flags: BenchFlags, stdout: Writable = process.stdout): Promise<number> {
  const timeMs = parseInteger(flags.time, '--time', { min: 1, max: 600_000, example: 500 });
  const matches = readFilter(flags.filter);
  const all = makeBenchmarks(await loadStrategies(process.cwd()));
  const chosen = all.filter(({ name }) => matches(name));
  if (chosen.length === 0) throw new UsageError(`--filter ${flags.filter ?? ''}: matches no benchmark; there are ${namesOf(all)}`);
  const isTable = flags.json !== true;
  if (isTable) stdout.write(HEADER);
  const measurements = await measure(chosen, timeMs, (measurement) => {
    if (isTable) stdout.write(measurementLine(measurement));
  });
  const ratios = compare(measurements, COMPARISONS);
  if (isTable) {
    if (ratios.length > 0) stdout.write(`\n${ratios.map(ratioLine).join('')}`);
  } else {
    const machine = { node: process.version, arch: arch(), cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
    stdout.write(`${JSON.stringify({ schemaVersion: 1, tool: 's2bench bench', machine, timeMs, measurements, ratios }, null, 2)}\n`);
  }
  return EXIT.ok;
}

/** Every strategy that can be named, `baseline` first. */
async function loadStrategies(cwd: string): Promise<Strategy[]> {
  const names = [...discoverStrategies(cwd).keys()];
  const ordered = [...names.filter((name) => name === FIRST), ...names.filter((name) => name !== FIRST)];
  if (ordered.length === 0) throw new UsageError('bench: no strategy is installed');
  const strategies: Strategy[] = [];
  for (const name of ordered) strategies.push(await loadNamedStrategy(name, cwd, 'bench: strategy'));
  return strategies;
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
