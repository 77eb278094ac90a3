/** What travels between `s2bench bench` and the thread that measures, plain values only. */
import type { Measurement } from '@s2bench/kernel/bench';

/** Benchmarks to be measured. */
export interface BenchTask {
  readonly strategies: readonly { readonly entryUrl: string; readonly label: string }[];
  readonly timeMs: number;
  /** A regular expression, where not all are wanted. */
  readonly filter: string | undefined;
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
