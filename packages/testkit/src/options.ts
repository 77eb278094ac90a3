/** What the author of a strategy can say of its suite. */
import { type AnyWorld, REAL_WORLDS, WORLDS } from '@s2bench/verify';
import type { VectorKernelName } from './vectors/read.ts';

/** Worlds that are explored in well under a second each, and together break every rule that a coalesce can break. */
const QUICK_WORLDS = [
  'partial-table',
  'full-table',
  'instruction-fetch',
  'late-image',
  'beyond-slot',
  'unaligned',
  'slot-move',
  'cached-guest',
  'real-4k-level-2',
  'real-4k-level-1',
];

/** Small worlds, and tables of real size, where a strategy that decides by counts shows. */
const ALL_WORLDS: readonly AnyWorld[] = [...WORLDS, ...REAL_WORLDS];

/** Tens of millions of states: `s2bench verify` explores it where it is asked for. */
const LARGEST_WORLD = 'crowd';

/** Options of a suite. */
export interface ConformanceOptions {
  /**
   * Small worlds that are explored, and tables of real size: those that take a moment, all that a suite has time for, or some by name.
   *
   * @defaultValue `'quick'`
   */
  readonly worlds?: 'quick' | 'all' | readonly string[];
  /** Kernels of the vectors that the strategy claims to equal, event by event. */
  readonly kernels?: readonly VectorKernelName[];
  /**
   * Runs all of the vectors with 4K pages, which takes some seconds for each kernel, and not one in sixteen, or of several
   * kernels half of those each.
   *
   * @defaultValue `false`
   */
  readonly everyVector?: boolean;
  /**
   * Random scripts of each kind.
   *
   * @defaultValue 40
   */
  readonly runs?: number;
  /**
   * What random scripts are drawn from: the same number gives the same scripts.
   *
   * @defaultValue 1
   */
  readonly seed?: number;
}

/** Options, filled up. */
export interface Conformance {
  readonly worlds: readonly AnyWorld[];
  /** Whether those are all that there are, so that what was not found is nowhere. */
  readonly isEveryWorld: boolean;
  readonly kernels: readonly VectorKernelName[];
  readonly everyVector: boolean;
  readonly runs: number;
  readonly seed: number;
}

/**
 * Fills options up.
 *
 * @throws RangeError where there is no world of a name
 */
export function fillOptions({
  worlds = 'quick',
  kernels = [],
  everyVector = false,
  runs = 40,
  seed = 1,
}: ConformanceOptions): Conformance {
  return { worlds: worldsOf(worlds), isEveryWorld: worlds === 'all', kernels, everyVector, runs, seed };
}

function worldsOf(worlds: NonNullable<ConformanceOptions['worlds']>): readonly AnyWorld[] {
  if (worlds === 'all') return ALL_WORLDS.filter(({ name }) => name !== LARGEST_WORLD);
  const names = worlds === 'quick' ? QUICK_WORLDS : worlds;
  return names.map((name) => {
    const world = ALL_WORLDS.find((one) => one.name === name);
    if (world === undefined)
      throw new RangeError(`no world ${name}; there are ${ALL_WORLDS.map((one) => one.name).join(', ')}`);
    return world;
  });
}
