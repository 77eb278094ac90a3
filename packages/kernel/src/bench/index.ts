/** Benchmarks of the core's own code on the host: wall time, never mixed with simulated time. */
export type { Benchmark, Comparison } from './benchmarks.ts';
export { COMPARISONS, makeBenchmarks, YARDSTICK } from './benchmarks.ts';
export type { Measurement, Ratio } from './measure.ts';
export { compare, measure } from './measure.ts';
