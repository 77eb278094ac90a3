/** What is measured of the core's own code. */
import type { Strategy } from '@s2bench/core';
import { BenchTable, GIB, PAGE_BYTES } from './bench-table.ts';

/** One benchmark. `before` and `after` run around each iteration and are not timed. */
export interface Benchmark {
  readonly name: string;
  /** Leaves, or pages, that one iteration works on: times are divided by it. */
  readonly leaves: number;
  readonly before?: () => void;
  readonly run: () => void;
  readonly after?: () => void;
}

/** Two benchmarks whose times are compared, since ratios hold on a noisy machine and nanoseconds do not. */
export interface Comparison {
  readonly name: string;
  readonly of: string;
  readonly to: string;
}

/** The size of the large run that shows whether time grows as the leaves do. */
const LARGE_GIB = 64;

/** Writes as many bytes as the descriptors of 1 GiB have: what the machine can do at best. */
export const YARDSTICK = 'yardstick: write descriptors of 1 GiB';

const MAP_PAGES = 'map 1 GiB page by page';
const MAP_CALL = 'map 1 GiB in one call';
const MAP_CALL_LARGE = `map ${LARGE_GIB} GiB in one call`;
const WALK = 'walk to every page of 1 GiB';
const UNMAP = 'unmap 1 GiB';

/** Pairs of benchmarks whose ratio says something whatever the host: what a call saves, and what grows faster than its size. */
export const COMPARISONS: readonly Comparison[] = [
  { name: 'page by page / in one call', of: MAP_PAGES, to: MAP_CALL },
  { name: 'growth: map, a leaf', of: MAP_CALL_LARGE, to: MAP_CALL },
  { name: 'growth: unmap, a leaf', of: `unmap ${LARGE_GIB} GiB`, to: UNMAP },
];

/**
 * Makes the benchmarks.
 *
 * @param strategies - one at least; the first one is that of the benchmarks in which nothing is coalesced
 */
export function makeBenchmarks(strategies: readonly Strategy[]): Benchmark[] {
  const [first] = strategies;
  if (first === undefined) throw new RangeError('benchmarks need a strategy');
  return [
    yardstick(),
    mapPageByPage(first),
    mapInOneCall(MAP_CALL, first, 1),
    unmapping(UNMAP, first, 1),
    ...strategies.map((strategy) => coalescing(strategy, 'full', 1)),
    ...strategies.map((strategy) => coalescing(strategy, 'half-populated', 0.5)),
    walking(first),
    mapInOneCall(MAP_CALL_LARGE, first, LARGE_GIB),
    unmapping(`unmap ${LARGE_GIB} GiB`, first, LARGE_GIB),
  ];
}

function yardstick(): Benchmark {
  const leaves = GIB / PAGE_BYTES;
  const words = new Uint32Array(2 * leaves);
  return {
    name: YARDSTICK,
    leaves,
    run: () => {
      for (let leaf = 0; leaf < leaves; leaf++) {
        words[2 * leaf] = leaf;
        words[2 * leaf + 1] = 1;
      }
    },
  };
}

function mapPageByPage(strategy: Strategy): Benchmark {
  const table = lazily(strategy, 1);
  return {
    name: MAP_PAGES,
    leaves: GIB / PAGE_BYTES,
    run: () => table().mapPageByPage(),
    after: () => table().unmap(),
  };
}

function mapInOneCall(name: string, strategy: Strategy, gib: number): Benchmark {
  const table = lazily(strategy, gib);
  return {
    name,
    leaves: (gib * GIB) / PAGE_BYTES,
    run: () => table().mapInOneCall(),
    after: () => table().unmap(),
  };
}

function unmapping(name: string, strategy: Strategy, gib: number): Benchmark {
  const table = lazily(strategy, gib);
  return {
    name,
    leaves: (gib * GIB) / PAGE_BYTES,
    before: () => table().mapInOneCall(),
    run: () => table().unmap(),
  };
}

/** Time is divided by the pages of the block, mapped or not, so that full and half-populated can be compared. */
function coalescing(strategy: Strategy, population: string, part: number): Benchmark {
  const table = lazily(strategy, 1);
  return {
    name: `coalesce a ${population} 1 GiB: ${strategy.name}`,
    leaves: GIB / PAGE_BYTES,
    before: () => table().populate(part),
    run: () => table().coalesce(),
    after: () => table().unmap(),
  };
}

function walking(strategy: Strategy): Benchmark {
  const table = lazily(strategy, 1);
  let isMapped = false;
  let found = 0;
  return {
    name: WALK,
    leaves: GIB / PAGE_BYTES,
    before: () => {
      if (!isMapped) table().mapInOneCall();
      isMapped = true;
    },
    run: () => {
      found = table().translate();
    },
    after: () => {
      if (found === 0) throw new Error('a benchmark translated nothing');
    },
  };
}

/** Made when it is first needed: a benchmark that is filtered out costs no memory. */
function lazily(strategy: Strategy, gib: number): () => BenchTable {
  let table: BenchTable | undefined;
  return () => (table ??= new BenchTable(strategy, gib * GIB));
}
