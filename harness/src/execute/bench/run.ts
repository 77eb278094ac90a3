/** Measures in the thread. Visitors are not watched there one by one, which would be measured too. */
import type { Strategy } from '@s2bench/core';
import { type Benchmark, makeBenchmarks, measure, type Measurement } from '@s2bench/kernel/bench';
import { oneLine } from '../../cli/errors.ts';
import { resolveOursForPlugins } from '../../cli/installation.ts';
import { loadStrategy } from '../../plugins/load.ts';
import type { ThreadTask } from '../../plugins/thread-task.ts';

/** Benchmarks to be measured. */
export interface BenchTask {
  readonly strategies: readonly { readonly entryUrl: string; readonly label: string }[];
  readonly timeMs: number;
  /** Which of them, by name. */
  readonly pattern: RegExp;
}

/** What the thread says. */
export type BenchSaid =
  /** A strategy cannot be used. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** All benchmarks that there are, and how many of them are measured. */
  | { readonly kind: 'begun'; readonly names: readonly string[]; readonly chosen: number }
  | { readonly kind: 'measured'; readonly measurement: Measurement; readonly samplesNs: readonly number[] }
  /** A benchmark threw: most often its strategy. */
  | { readonly kind: 'failed'; readonly problem: string };

type Thread = ThreadTask<BenchTask, BenchSaid>;

/** A benchmark takes a quarter more than its time, and a few runs at least; what takes so much longer hangs. */
const limitS = (timeMs: number): number => 20 + (timeMs / 1000) * 4;

/** Loads the strategies and measures. What goes wrong is said, and not thrown. */
export async function runBenchmarks(thread: Thread): Promise<void> {
  const { say, within, untimed, task } = thread;
  resolveOursForPlugins();
  const strategies = await load(thread);
  if (strategies === undefined) return;
  const all = makeBenchmarks(strategies);
  const chosen = all.filter(({ name }) => task.pattern.test(name));
  say({ kind: 'begun', names: all.map(({ name }) => name), chosen: chosen.length });
  let next = 0;
  const begin = ({ name }: Benchmark): void =>
    within(limitS(task.timeMs), `benchmark "${name}" did not end within ${limitS(task.timeMs)} s`);
  if (chosen[0] !== undefined) begin(chosen[0]);
  try {
    await measure(chosen, task.timeMs, (measurement: Measurement, samplesNs: readonly number[]) => {
      say({ kind: 'measured', measurement, samplesNs });
      const following = chosen[++next];
      if (following !== undefined) begin(following);
    });
  } catch (error) {
    say({ kind: 'failed', problem: `benchmark "${chosen[next]?.name ?? ''}": ${oneLine(error)}` });
  } finally {
    untimed();
  }
}

async function load({ task, say, loading, untimed }: Thread): Promise<Strategy[] | undefined> {
  const strategies: Strategy[] = [];
  for (const { entryUrl, label } of task.strategies) {
    loading(`${label}: `);
    try {
      strategies.push(await loadStrategy(entryUrl));
    } catch (error) {
      say({ kind: 'refused', problem: `${label}: ${oneLine(error)}` });
      return undefined;
    } finally {
      untimed();
    }
  }
  return strategies;
}
