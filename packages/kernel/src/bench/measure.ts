/** Measures benchmarks with tinybench. */
import { Bench } from 'tinybench';
import type { Benchmark, Comparison } from './benchmarks.ts';
import { YARDSTICK } from './benchmarks.ts';

/** Times of one benchmark, in nanoseconds a leaf. */
export interface Measurement {
  readonly name: string;
  readonly leaves: number;
  readonly samples: number;
  readonly bestNs: number;
  readonly medianNs: number;
  readonly p99Ns: number;
  /** Best time over that of the yardstick in the same run; left out where the yardstick was not run. */
  readonly timesYardstick?: number;
}

/** The ratio of two best times of the same run. */
export interface Ratio {
  readonly name: string;
  readonly ratio: number;
}

const MIN_ITERATIONS = 5;

/**
 * Runs benchmarks one after the other.
 *
 * @param timeMs - for each of them, a warm-up of a quarter of it apart
 * @param onMeasured - called after each of them, with its samples in nanoseconds a leaf
 */
export async function measure(
  benchmarks: readonly Benchmark[],
  timeMs: number,
  onMeasured: (measurement: Measurement, samplesNs: readonly number[]) => void = () => undefined,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  let yardstickNs: number | undefined;
  for (const benchmark of benchmarks) {
    const { measurement, samplesNs } = await measureOne(benchmark, timeMs, yardstickNs);
    if (benchmark.name === YARDSTICK) yardstickNs = measurement.bestNs;
    measurements.push(measurement);
    onMeasured(measurement, samplesNs);
  }
  return measurements;
}

async function measureOne(
  { name, leaves, before, run, after }: Benchmark,
  timeMs: number,
  yardstickNs: number | undefined,
): Promise<{ readonly measurement: Measurement; readonly samplesNs: readonly number[] }> {
  const bench = new Bench({
    retainSamples: true,
    time: timeMs,
    iterations: MIN_ITERATIONS,
    warmupTime: timeMs / 4,
    warmupIterations: 2,
    throws: true,
  });
  // Said, or tinybench would find out by a run without the hooks.
  bench.add(name, run, { async: false, ...(before && { beforeEach: before }), ...(after && { afterEach: after }) });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`benchmark "${name}" did not complete`);
  const { latency } = task.result;
  const nsPerLeaf = (ms: number): number => (ms * 1e6) / leaves;
  const bestNs = nsPerLeaf(latency.min);
  const measurement = {
    name,
    leaves,
    samples: latency.samplesCount,
    bestNs,
    medianNs: nsPerLeaf(latency.p50),
    p99Ns: nsPerLeaf(latency.p99),
    ...(yardstickNs !== undefined && { timesYardstick: bestNs / yardstickNs }),
  };
  return { measurement, samplesNs: (latency.samples ?? []).map(nsPerLeaf) };
}

/** The comparisons of which both sides were measured. */
export function compare(measurements: readonly Measurement[], comparisons: readonly Comparison[]): Ratio[] {
  const bestOf = new Map(measurements.map(({ name, bestNs }) => [name, bestNs]));
  return comparisons.flatMap(({ name, of, to }) => {
    const [ofNs, toNs] = [bestOf.get(of), bestOf.get(to)];
    return ofNs === undefined || toNs === undefined ? [] : [{ name, ratio: ofNs / toNs }];
  });
}
