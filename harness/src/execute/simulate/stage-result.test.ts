import { findProfile } from '@s2bench/machine';
import type { Cell, StageName, StageResult } from '@s2bench/report';
import baseline from '@s2bench/strategy-baseline';
import { PAGE_TABLE_TEST } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from './cell.ts';

const STAGES = ['CREATE', 'UPDATE', 'ADJUST'] as const;

function simulate(change: Partial<Cell>, exact = true): Partial<Record<StageName, StageResult>> {
  const profile = findProfile('kunpeng920');
  if (profile === undefined) throw new Error('no profile kunpeng920');
  const cell: Cell = {
    strategy: baseline.name,
    vcpus: 4,
    memoryBytes: 8 * 2 ** 20,
    granuleBytes: 2 * 2 ** 20,
    pageSizeBytes: 4096,
    backing: 'hugetlb',
    history: 'block-first',
    profile: profile.name,
    kernel: 'v5.12p1',
    workload: PAGE_TABLE_TEST.name,
    seed: 1,
    ...change,
  };
  return simulateCell(cell, { strategy: baseline, workload: PAGE_TABLE_TEST, profile }, { stages: STAGES, exact });
}

describe('the counts of a stage', () => {
  it.each(STAGES)('of %s: every fault is a translation or a permission fault, and ends in one way', (name) => {
    const { faults, maps, relaxed } = simulate({})[name] ?? missing(name);
    expect(faults.retried).toBe(0);
    expect(faults.translation + faults.permission).toBe(maps + relaxed + faults.spurious);
  });

  it('of memory that the host makes page by page: a fault that meets the host at it is retried, and counted each time', () => {
    const memory = { memoryBytes: 2 ** 20, granuleBytes: 4096, backing: 'anonymous' } as const;
    const { faults, maps, relaxed } = simulate(memory).CREATE ?? missing('CREATE');
    const retried = faults.retried ?? missing('count of retried faults');
    expect(retried).toBeGreaterThan(0);
    const mapped = faults.translation + faults.permission - relaxed - faults.spurious - retried;
    expect(mapped).toBeGreaterThanOrEqual(memory.memoryBytes / memory.granuleBytes);
    // The notifier maps the page that the host has put in the place of another: that is no fault.
    expect(mapped).toBeLessThanOrEqual(maps);
  });

  it('of a coalesce: one fault a block installs it; those of the other vCPUs are spurious and counted all the same', () => {
    const { faults, maps } = simulate({}).ADJUST ?? missing('ADJUST');
    expect({ faults, maps }).toEqual({ faults: { translation: 16, permission: 0, spurious: 12, retried: 0 }, maps: 4 });
  });
});

function missing(name: string): never {
  throw new Error(`there is no ${name}`);
}
