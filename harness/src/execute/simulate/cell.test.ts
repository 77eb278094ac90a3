import { findProfile } from '@s2bench/machine';
import type { Cell, StageName } from '@s2bench/report/schema';
import baseline from '@s2bench/strategy-baseline';
import { findWorkload, PAGE_TABLE_TEST } from '@s2bench/workloads';
import { expect, it } from 'vitest';
import { BuiltStates, simulateCell } from './cell.ts';

const TIMED: readonly StageName[][] = [['ADJUST'], ['CREATE', 'ADJUST'], [...PAGE_TABLE_TEST.stages]];

it.each(TIMED)(
  'a cell whose tables were copied says to the last digit what one says that built them: %s',
  (...stages) => {
    const [workload, profile] = [findWorkload('page-table-test'), findProfile('kunpeng920')];
    if (workload === undefined || profile === undefined) throw new Error('a name is of nothing');
    const cell: Cell = {
      strategy: baseline.name,
      vcpus: 3,
      memoryBytes: 8 * 2 ** 20,
      granuleBytes: 2 * 2 ** 20,
      pageSizeBytes: 4096,
      backing: 'hugetlb',
      history: 'block-first',
      profile: profile.name,
      kernel: 'v5.12p1',
      workload: workload.name,
      seed: 1,
    };
    const run = (states?: BuiltStates): unknown =>
      simulateCell(cell, { strategy: baseline, workload, profile }, { stages, exact: true }, states);
    const states = new BuiltStates();
    expect(run(states)).toEqual(run());
    expect(run(states)).toEqual(run());
  },
);
