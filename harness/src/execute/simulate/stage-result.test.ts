import { type CostName, costsOf, findProfile } from '@s2bench/machine';
import { type Cell, type StageName, type StageResult, stageResultSchema } from '@s2bench/report/schema';
import baseline from '@s2bench/strategy-baseline';
import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from './cell.ts';

const STAGES = ['CREATE', 'UPDATE', 'ADJUST'] as const;
const PROFILE = findProfile('kunpeng920') ?? missing('profile kunpeng920');
const COSTS = costsOf(PROFILE);
/** Lines of a block of 2M. */
const BLOCK_LINES = 2 ** 15;

/** The stages of a cell; `faultBudget` lets what follows it be extrapolated. */
function simulate(change: Partial<Cell>, faultBudget?: number): Record<StageName, StageResult> {
  const cell: Cell = {
    strategy: baseline.name,
    vcpus: 4,
    memoryBytes: 8 * 2 ** 20,
    granuleBytes: 2 * 2 ** 20,
    pageSizeBytes: 4096,
    backing: 'hugetlb',
    history: 'block-first',
    profile: PROFILE.name,
    kernel: 'v5.12p1',
    workload: PAGE_TABLE_TEST.name,
    seed: 1,
    ...change,
  };
  const options = {
    stages: PAGE_TABLE_TEST.stages,
    exact: faultBudget === undefined,
    ...(faultBudget && { faultBudget }),
  };
  return simulateCell(cell, { strategy: baseline, workload: PAGE_TABLE_TEST, profile: PROFILE }, options);
}

describe('the counts of a stage', () => {
  it.each(STAGES)('of %s: every fault is a translation or a permission fault, and ends in one way', (name) => {
    const { faults, maps, relaxed } = simulate({})[name] ?? missing(name);
    expect(faults.retried).toBe(0);
    expect(faults.translation + faults.permission).toBe(maps + relaxed + faults.spurious);
  });

  it('of memory that the host makes page by page: a fault that meets the host at it is retried, and counted each time', () => {
    const memory = { memoryBytes: 2 ** 20, granuleBytes: 4096, backing: 'anonymous' } as const;
    const { faults, maps, relaxed } = simulate(memory)['CREATE'] ?? missing('CREATE');
    const retried = faults.retried ?? missing('count of retried faults');
    expect(retried).toBeGreaterThan(0);
    const mapped = faults.translation + faults.permission - relaxed - faults.spurious - retried;
    expect(mapped).toBeGreaterThanOrEqual(memory.memoryBytes / memory.granuleBytes);
    // The notifier maps the page that the host has put in the place of another: that is no fault.
    expect(mapped).toBeLessThanOrEqual(maps);
  });

  it('of a coalesce: one fault a block installs it; those of the other vCPUs are spurious and counted all the same', () => {
    const { faults, maps } = simulate({})['ADJUST'] ?? missing('ADJUST');
    expect({ faults, maps }).toEqual({ faults: { translation: 16, permission: 0, spurious: 12, retried: 0 }, maps: 4 });
  });
});

/** The units of a cost that a stage was charged. */
function units({ chargedNs = {} }: StageResult, cost: CostName | 'farMemory'): number {
  return (chargedNs[cost] ?? 0) / (COSTS[cost] ?? 1);
}

function sum(values: Record<string, number> = {}): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}

describe('the time that a stage charges', () => {
  it.each(['hugetlb', 'anonymous'] as const)('to one vCPU and the host is the length of the stage: %s', (backing) => {
    const stages = simulate({ vcpus: 1, backing, granuleBytes: backing === 'hugetlb' ? 2 * 2 ** 20 : 4096 });
    for (const name of PAGE_TABLE_TEST.stages) {
      const stage = stages[name] ?? missing(name);
      expect(sum(stage.chargedNs)).toBeCloseTo(stage.timeNs, 2);
      // Nobody is there to be waited for.
      expect(stage.lockWaitNs).toBeCloseTo(units(stage, 'lockAcquire') * COSTS.lockAcquire, 3);
    }
  });

  it.each(STAGES)('of %s is that of what it counts', (name) => {
    const stage = simulate({})[name] ?? missing(name);
    const { faults, tlbi, tablePages, cleanedBytes } = stage;
    const of = (cost: CostName): number => units(stage, cost);
    expect(of('exit')).toBeCloseTo(faults.translation + faults.permission, 4);
    expect(of('lockAcquire') + of('lockHandover')).toBeCloseTo(faults.translation + faults.permission, 4);
    expect(of('cleanLine')).toBeCloseTo(cleanedBytes / 64, 4);
    expect(of('tlbiVmid')).toBeCloseTo(tlbi.vmid, 4);
    expect(of('tlbiIpa')).toBeCloseTo(tlbi.ipa, 4);
    expect(of('tableAllocate')).toBeCloseTo(tablePages.allocated, 4);
    expect(of('tableFree')).toBeCloseTo(tablePages.freed, 4);
  });

  it('has every access of a guest at its latency, and the host pages that it makes', () => {
    const { CREATE = missing('CREATE'), ADJUST = missing('ADJUST') } = simulate({});
    expect(units(ADJUST, 'farMemory')).toBeCloseTo(4 * 2048, 4);
    // The walk that is part of an access is charged as a walk: five reads, and an eighth of a line.
    const walkNs = 5 * (COSTS.guestWalkRead ?? 0) + (COSTS.guestWalkLine ?? 0) / 8;
    expect(units(ADJUST, 'guestAccess')).toBeCloseTo(4 * 2048 * (1 - walkNs / COSTS.guestAccess), 0);
    expect(units(CREATE, 'hostWriteLine')).toBeCloseTo(4 * BLOCK_LINES + CREATE.tablePages.allocated * 64, 4);
  });

  it('is extrapolated as the time is', () => {
    const memory = { memoryBytes: 64 * 2 ** 20 };
    const [exact, sampled] = [simulate(memory)['UPDATE'], simulate(memory, 2000)['UPDATE']];
    if (exact === undefined || sampled === undefined) throw new Error('there is no UPDATE');
    expect([exact.extrapolated, sampled.extrapolated]).toEqual([false, true]);
    expect(Object.keys(sampled.chargedNs ?? {})).toEqual(Object.keys(exact.chargedNs ?? {}));
    expect(Math.abs(sum(sampled.chargedNs) / sum(exact.chargedNs) - 1)).toBeLessThan(0.01);
    for (const [cost, ns] of Object.entries(exact.chargedNs ?? {})) {
      const share = ((sampled.chargedNs?.[cost] ?? 0) - ns) / sum(exact.chargedNs);
      expect(Math.abs(share), cost).toBeLessThan(0.01);
    }
  });

  it('stands with every other field of the schema in one stage or another', () => {
    const stages = [...Object.values(simulate({})), ...Object.values(simulate({ memoryBytes: 64 * 2 ** 20 }, 2000))];
    const filled = new Set(stages.flatMap((stage) => Object.keys(stage)));
    expect(Object.keys(stageResultSchema.shape).filter((field) => !filled.has(field))).toEqual([]);
  });
});

function missing(name: string): never {
  throw new Error(`there is no ${name}`);
}
