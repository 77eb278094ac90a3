/** Holds the fault path against what real KVM did: counts per stage, one vCPU, exactly. */
import type { Profile } from '@s2bench/machine';
import type { StageResult } from '@s2bench/report/schema';
import baseline from '@s2bench/strategy-baseline';
import upstream from '@s2bench/strategy-upstream-5-14';
import { PAGE_TABLE_TEST as workload } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../../src/execute/simulate/cell.ts';
import { placeSlot } from '../../src/execute/simulate/layout.ts';
import { FAKE_PROFILE } from '../fixtures/fake-profile.ts';
import traced from './counts.json' with { type: 'json' };

type Traced = (typeof traced)[number];

const STAGES = workload.stages as readonly (keyof Traced['stages'])[];

function profileWith(fwb: boolean): Profile {
  return { ...FAKE_PROFILE, features: { fwb, rangeTlbi: false } };
}

/** The captures are of 6.1: its model does the same, and v5.12p1 counts what it counts. */
const SUBJECTS = [
  ['v5.12p1', baseline],
  ['v6.1', upstream],
] as const;
type Subject = (typeof SUBJECTS)[number];

function cellOf(run: Traced, vcpus: number, [kernel, strategy]: Subject) {
  return {
    strategy: strategy.name,
    vcpus,
    memoryBytes: run.memoryBytes,
    granuleBytes: run.granuleBytes,
    pageSizeBytes: 4096,
    backing: run.backing as 'hugetlb',
    history: 'block-first',
    profile: FAKE_PROFILE.name,
    kernel,
    workload: 'page-table-test',
    seed: 1,
  };
}

function countsOf(stage: StageResult) {
  return {
    translation: stage.faults.translation,
    permission: stage.faults.permission,
    maps: stage.maps,
    relaxed: stage.relaxed,
    tlbiIpa: stage.tlbi.ipa,
    tlbiVmid: stage.tlbi.vmid,
    cleanedBytes: stage.cleanedBytes,
    tablePages: stage.tablePages.allocated,
  };
}

function simulate(run: Traced, vcpus: number, subject: Subject) {
  const plugins = {
    strategy: subject[1],
    workload,
    profile: profileWith(run.fwb),
  };
  return simulateCell(cellOf(run, vcpus, subject), plugins, { stages: STAGES, exact: true });
}

describe.each(traced)('$run', (run) => {
  it('lays the slot where the selftest does', () => {
    expect(`0x${placeSlot(cellOf(run, 1, SUBJECTS[0]), run.memoryBytes).baseIpa.toString(16)}`).toBe(run.slotBase);
  });

  it.each(SUBJECTS)('counts under %s what KVM counted with one vCPU, stage by stage', (...subject) => {
    const stages = simulate(run, 1, subject);
    for (const name of STAGES) {
      const stage = stages[name];
      expect(stage === undefined ? undefined : countsOf(stage), name).toEqual(run.stages[name]);
    }
  });
});

describe('with four vCPUs on hugetlb 2M', () => {
  it.each(SUBJECTS)('installs, splits and flushes under %s as often as with one, whatever the order', (...subject) => {
    const run = traced.find(({ run: name }) => name === 'a72nvhe_61__hugetlb2m_64M_v1');
    if (run === undefined) throw new Error('the trace is gone');
    const stages = simulate(run, 4, subject);
    expect(stages['CREATE']?.maps).toBe(run.stages.CREATE.maps);
    expect(stages['UPDATE']?.maps).toBe(run.stages.UPDATE.maps);
    expect(stages['UPDATE']?.tlbi.ipa).toBe(run.stages.UPDATE.tlbiIpa);
    expect(stages['ADJUST']?.maps).toBe(run.stages.ADJUST.maps);
    expect(stages['ADJUST']?.tlbi.vmid).toBe(run.stages.ADJUST.tlbiVmid);
    expect(stages['ADJUST']?.tablePages.freed).toBe(run.stages.UPDATE.tablePages);
    expect(stages['UPDATE']?.faults.spurious).toBeGreaterThan(0);
  });
});
