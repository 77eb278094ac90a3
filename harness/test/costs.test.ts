/** Every cost of a profile has a use: what it stands for happens in some stage of a workload. */
import type { Strategy } from '@s2bench/core';
import { COST_NAMES, type CostName, type OptionalCostName, type Profile } from '@s2bench/machine';
import baseline from '@s2bench/strategy-baseline';
import upstream62 from '@s2bench/strategy-upstream-6-2';
import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../src/execute/simulate/cell.ts';
import { workloadNamed } from '../src/plugins/workloads.ts';
import { FAKE_PROFILE } from './fixtures/fake-profile.ts';

/** What a vCPU pays only in company. */
const CONTENDED: readonly CostName[] = ['lockHandover', 'memoryService'];
/** Nothing executes from the slot, so nothing invalidates the I-cache. */
const UNUSED: readonly CostName[] = ['icacheLine'];

const BLOCK = 2 * 2 ** 20;

interface Use {
  readonly blocks: number;
  readonly vcpus: number;
  readonly kernel: string;
  readonly strategy: Strategy;
  readonly workload: string;
}

/** What a profile may leave out: a cell in which it is paid for. */
const OPTIONAL: readonly (readonly [OptionalCostName, Partial<Use>])[] = [
  ['tlbiLocal', {}],
  ['tlbiRange', { workload: 'teardown' }],
  ['tlbiRangePage', { workload: 'teardown' }],
  ['tlbiBlock', { kernel: 'v6.5', workload: 'teardown' }],
  ['dvmIpa', { kernel: 'v6.2', vcpus: 4 }],
  ['lockLine', { vcpus: 4 }],
  ['memslotReplace', {}],
  ['memoryLine', { vcpus: 4 }],
];
const LATER: Use = {
  blocks: 1,
  vcpus: 1,
  kernel: 'v6.6',
  strategy: upstream62,
  workload: 'dirty-log-perf?iterations=2&manual-protect=off',
};

const PAGE_TABLE: Use = { blocks: 4, vcpus: 1, kernel: 'v5.12p1', strategy: baseline, workload: PAGE_TABLE_TEST.name };

function totalNs({ blocks, vcpus, kernel, strategy, workload: workloadName }: Use, profile: Profile): number {
  const workload = workloadNamed(workloadName);
  const cell = {
    strategy: strategy.name,
    vcpus,
    memoryBytes: blocks * BLOCK,
    granuleBytes: BLOCK,
    pageSizeBytes: 4096,
    backing: 'hugetlb' as const,
    history: 'block-first',
    profile: profile.name,
    kernel,
    workload: workloadName,
    seed: 1,
  };
  const stages = simulateCell(cell, { strategy, workload, profile }, { stages: workload.stages, exact: true });
  return workload.stages.reduce((sum, name) => sum + (stages[name]?.timeNs ?? 0), 0);
}

function dearer(profile: Profile, name: CostName | OptionalCostName): Profile {
  return { ...profile, costs: { ...profile.costs, [name]: { ...profile.costs.exit, valueNs: 10_000 } } };
}

describe('a cell takes longer where a cost is higher', () => {
  it.each(COST_NAMES.filter((name) => !UNUSED.includes(name)))('%s', (name) => {
    const use = { ...PAGE_TABLE, vcpus: CONTENDED.includes(name) ? 4 : 1 };
    expect(totalNs(use, dearer(FAKE_PROFILE, name))).toBeGreaterThan(totalNs(use, FAKE_PROFILE));
  });

  it.each(OPTIONAL)('%s, which a profile may leave out', (name, more) => {
    const use = { ...LATER, ...more };
    const profile = { ...FAKE_PROFILE, features: { ...FAKE_PROFILE.features, fwb: true, rangeTlbi: true } };
    expect(totalNs(use, dearer(profile, name))).toBeGreaterThan(totalNs(use, profile));
  });
});
