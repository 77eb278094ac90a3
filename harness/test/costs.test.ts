/** Every cost of a profile has a use: what it stands for happens in some stage of the page-table test. */
import { COST_NAMES, type CostName } from '@s2bench/machine';
import baseline from '@s2bench/strategy-baseline';
import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../src/execute/simulate/cell.ts';
import { FAKE_PROFILE } from './fixtures/fake-profile.ts';

/** What a vCPU pays only in company. */
const CONTENDED: readonly CostName[] = ['lockHandover', 'memoryService'];
/** Nothing executes from the slot, so nothing invalidates the I-cache. */
const UNUSED: readonly CostName[] = ['icacheLine'];

function totalNs(vcpus: number, dearer?: CostName): number {
  const cell = {
    strategy: baseline.name,
    vcpus,
    memoryBytes: 8 * 2 ** 20,
    granuleBytes: 2 * 2 ** 20,
    pageSizeBytes: 4096,
    backing: 'hugetlb' as const,
    history: 'block-first',
    profile: FAKE_PROFILE.name,
    kernel: 'v5.12p1',
    workload: PAGE_TABLE_TEST.name,
    seed: 1,
  };
  const costs = dearer === undefined ? {} : { [dearer]: { ...FAKE_PROFILE.costs[dearer], valueNs: 10_000 } };
  const profile = { ...FAKE_PROFILE, costs: { ...FAKE_PROFILE.costs, ...costs } };
  const plugins = { strategy: baseline, workload: PAGE_TABLE_TEST, profile };
  const stages = simulateCell(cell, plugins, { stages: PAGE_TABLE_TEST.stages, exact: true });
  return PAGE_TABLE_TEST.stages.reduce((sum, name) => sum + (stages[name]?.timeNs ?? 0), 0);
}

describe('a cell takes longer where a cost is higher', () => {
  it.each(COST_NAMES.filter((name) => !UNUSED.includes(name)))('%s', (name) => {
    const vcpus = CONTENDED.includes(name) ? 4 : 1;
    expect(totalNs(vcpus, name)).toBeGreaterThan(totalNs(vcpus));
  });
});
