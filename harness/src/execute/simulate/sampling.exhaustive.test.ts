/** Stages that are sampled against the same stages fault by fault: cells of every kind, drawn at random. */
import type { Strategy } from '@s2bench/core';
import { findProfile, PROFILES } from '@s2bench/machine';
import { KERNEL_MODELS, kernelModelOf } from '@s2bench/kernel';
import { type Cell, type StageResult } from '@s2bench/report/schema';
import baseline from '@s2bench/strategy-baseline';
import populationCheck from '@s2bench/strategy-full-population-check';
import installFirst from '@s2bench/strategy-install-first-no-cmo';
import uniformClean from '@s2bench/strategy-install-first-uniform-cmo';
import { findWorkload } from '@s2bench/workloads';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { simulateCell, whyImpossible } from './cell.ts';

/** The first of them; all where there is time: S2BENCH_LONG=1, some four minutes. */
const CELLS = process.env['S2BENCH_LONG'] === '1' ? 240 : 12;
const SEED = 2021;
/** The bound holds in this part of the stages at least. */
const HOLDS_PART = 0.95;
const MIB = 2 ** 20;

const STRATEGIES: readonly Strategy[] = [baseline, installFirst, uniformClean, populationCheck];

/** Backing, page size, block and memory: as much as eleven batches of a sample leave something to be extrapolated. */
const MEMORIES = [
  ['hugetlb', 4096, 2 * MIB, 64 * MIB],
  ['hugetlb', 4096, 2 * MIB, 130 * MIB],
  ['hugetlb', 4096, 1024 * MIB, 1024 * MIB],
  ['hugetlb', 16384, 32 * MIB, 512 * MIB],
  ['hugetlb', 65536, 512 * MIB, 2048 * MIB],
  ['thp', 4096, 2 * MIB, 96 * MIB],
  ['thp', 16384, 32 * MIB, 320 * MIB],
  ['thp', 65536, 512 * MIB, 1536 * MIB],
  ['anonymous', 4096, 4096, 64 * MIB],
  ['anonymous', 4096, 4096, 400 * MIB],
  ['anonymous', 16384, 16384, 200 * MIB],
  ['anonymous', 65536, 65536, 1024 * MIB],
] as const;

/** Kernel models of the walker that these strategies are written for, without sections that share mmu_lock. */
const TIMED = KERNEL_MODELS.map(({ name }) => name).filter((name) => {
  const { walker, relaxLock } = kernelModelOf(name);
  return walker === 'v5' && relaxLock === 'exclusive';
});

const drawn = fc
  .record({
    memory: fc.constantFrom(...MEMORIES),
    faultBudget: fc.constantFrom(300, 1000, 4000),
    strategy: fc.constantFrom(...STRATEGIES.map(({ name }) => name)),
    vcpus: fc.constantFrom(1, 2, 3, 5, 8, 13),
    history: fc.constantFrom('block-first', 'logging-first'),
    profile: fc.constantFrom(...PROFILES.map(({ name }) => name)),
    kernel: fc.constantFrom(...TIMED),
    workload: fc.constantFrom('page-table-test', 'page-table-test', 'cancelled-migration'),
    seed: fc.nat({ max: 1000 }),
  })
  .map(({ memory: [backing, pageSizeBytes, granuleBytes, memoryBytes], faultBudget, ...rest }) => ({
    faultBudget,
    cell: { ...rest, backing, pageSizeBytes, granuleBytes, memoryBytes } satisfies Cell,
  }));

/** What a stage counts, by name: nothing of it is a time. */
function countsOf({ faults, maps, relaxed, tlbi, tablePages, ...stage }: StageResult): Record<string, unknown> {
  const { cleanedBytes, invalidatedBytes, staleReads, invalidWindow } = stage;
  const counts = { maps, relaxed, cleanedBytes, invalidatedBytes, staleReads, windows: invalidWindow.count };
  return { ...faults, ...tlbi, ...tablePages, ...counts };
}

/** A maximum, beside that of the exact stage, is right to this part: where the rest has dearer work, who waits for it is estimated. */
const MAXIMUM_PART = 0.25;

/** Of a race that is longer than what is simulated of it, counts are estimates: right to this part. */
const RACE_PART = 0.06;

interface Compared {
  readonly stage: string;
  /** Error over bound. */
  readonly ratio: number;
  readonly wrong: readonly string[];
}

function compare(cell: Cell, faultBudget: number): Compared[] {
  const strategy = STRATEGIES.find(({ name }) => name === cell.strategy);
  const [workload, profile] = [findWorkload(cell.workload), findProfile(cell.profile)];
  if (strategy === undefined || workload === undefined || profile === undefined) throw new Error('nothing of a name');
  const plugins = { strategy, workload, profile };
  expect(whyImpossible(cell, plugins)).toBeUndefined();
  const exact = simulateCell(cell, plugins, { stages: workload.stages, exact: true });
  const sampled = simulateCell(cell, plugins, { stages: workload.stages, exact: false, faultBudget });
  return workload.stages.flatMap((name) => {
    const [ours, theirs] = [sampled[name], exact[name]];
    if (ours?.errorBound === undefined || theirs === undefined) return [];
    return [compareStage(`${name} of ${Object.values(cell).join(' ')}, ${faultBudget} faults`, ours, theirs)];
  });
}

function compareStage(stage: string, ours: StageResult, theirs: StageResult): Compared {
  const counts = countsOf(theirs);
  const isRace = stage.startsWith('CREATE of') && stage.includes(' anonymous ');
  const wrong = Object.entries(countsOf(ours)).filter(([name, count]) => {
    const [our, their] = [Number(count), Number(counts[name])];
    return Math.abs(our - their) > (isRace ? Math.max(2, RACE_PART * their) : 0);
  });
  const maxima = [
    ['longest window', ours.invalidWindow.longestNs, theirs.invalidWindow.longestNs],
    ['longest stall', ours.stallNs.max, theirs.stallNs.max],
  ] as const;
  const off = maxima.filter(([, our, their]) => Math.abs(our - their) > MAXIMUM_PART * their);
  // A sum of the same times in another order.
  const boundNs = (ours.errorBound ?? 0) * ours.timeNs + 1e-9 * ours.timeNs;
  return {
    stage,
    ratio: Math.abs(ours.timeNs - theirs.timeNs) / boundNs,
    wrong: [
      ...wrong.map(([name, count]) => `${name} ${String(count)} instead of ${String(counts[name])}`),
      ...off.map(([name, our, their]) => `${name} ${our} ns instead of ${their} ns`),
    ],
  };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

it(
  'a sampled stage says of every count and maximum what every fault says, its time within its bound',
  { timeout: 3_600_000 },
  () => {
    const cells = fc.sample(drawn, { numRuns: CELLS, seed: SEED });
    const compared = cells.flatMap(({ cell, faultBudget }) => compare(cell, faultBudget));
    const ratios = compared.map(({ ratio }) => ratio).sort((a, b) => a - b);
    const parts = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
    const distribution = parts.map((part) => `${part * 100} %: ${quantile(ratios, part).toFixed(4)}`);
    const beyond = compared.filter(({ ratio }) => ratio > 1);
    const wrong = compared.filter((stage) => stage.wrong.length > 0);
    process.stderr.write(
      `error / bound of ${compared.length} sampled stages of ${CELLS} cells: ${distribution.join(', ')}\n`,
    );
    for (const { stage, ratio } of beyond) process.stderr.write(`beyond its bound: ${ratio.toFixed(2)}: ${stage}\n`);
    expect(compared.length).toBeGreaterThan(CELLS / 3);
    expect(wrong).toEqual([]);
    // Of few cells one may be beyond: of the first ones it is one with hundreds of vCPUs on a machine whose memory they
    // queue at, since what waits for a station is not among what is extrapolated.
    expect(beyond.length).toBeLessThanOrEqual(Math.max(1, compared.length * (1 - HOLDS_PART)));
  },
);
