/**
 * Holds the workload dirty-log-perf against what real KVM did under `dirty_log_perf_test -g`: counts per stage, one vCPU,
 * 16M of 2M blocks, on a machine without FWB and range TLBIs.
 */
import type { StageResult } from '@s2bench/report/schema';
import upstream514 from '@s2bench/strategy-upstream-5-14';
import upstream62 from '@s2bench/strategy-upstream-6-2';
import { DIRTY_LOG_PERF, TEARDOWN, type Workload, workloadWith } from '@s2bench/workloads';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../../src/execute/simulate/cell.ts';
import { placeSlot } from '../../src/execute/simulate/layout.ts';
import { FAKE_PROFILE } from '../fixtures/fake-profile.ts';
import { cellOf, MIB } from '../fixtures/workload-cell.ts';

const SUBJECTS = [
  ['v6.1', upstream514],
  ['v6.12', upstream62],
] as const;
type Subject = (typeof SUBJECTS)[number];

/** What `-g` is here. */
const WITHOUT_MANUAL_PROTECT = workloadWith(DIRTY_LOG_PERF, { 'manual-protect': 'off' });
const NOTHING = { translation: 0, permission: 0, maps: 0, relaxed: 0, tlbiIpa: 0, tlbiVmid: 0, cleanedBytes: 0 };

/**
 * Of the test's own slot, in both kernels. Table pages are left out in POPULATE, where the guest's own pages share some.
 * The kernel's second pass relaxes with a TLBI by IPA that 6.12 sends to one core alone: it counts as one of an address.
 */
const CAPTURED = {
  POPULATE: { ...NOTHING, translation: 8, maps: 8, cleanedBytes: 16 * MIB },
  LOG_ON: { ...NOTHING, tlbiVmid: 1, tables: 0 },
  DIRTY1: {
    ...NOTHING,
    permission: 8,
    translation: 4088,
    maps: 4096,
    cleanedBytes: 16 * MIB,
    tlbiIpa: 8,
    tables: 8,
  },
  GET1: { ...NOTHING, tlbiVmid: 1, tables: 0 },
  DIRTY2: { ...NOTHING, permission: 4096, relaxed: 4096, tlbiIpa: 4096, tables: 0 },
  GET2: { ...NOTHING, tlbiVmid: 1, tables: 0 },
  LOG_OFF: { ...NOTHING, tables: 0 },
};

function simulate(vcpus: number, subject: Subject, workload: Workload, exact = true): Record<string, StageResult> {
  const profile = { ...FAKE_PROFILE, features: { fwb: false, rangeTlbi: false } };
  const plugins = { strategy: subject[1], workload, profile };
  return simulateCell(cellOf(subject, workload.name, { vcpus }), plugins, { stages: workload.stages, exact });
}

function countsOf({ faults, maps, relaxed, tlbi, cleanedBytes, tablePages }: StageResult) {
  return {
    translation: faults.translation,
    permission: faults.permission,
    maps,
    relaxed,
    tlbiIpa: tlbi.ipa,
    tlbiVmid: tlbi.vmid,
    cleanedBytes,
    tables: tablePages.allocated,
  };
}

it('lays the slot where the selftest does', () => {
  const cell = cellOf(SUBJECTS[0], DIRTY_LOG_PERF.name, { vcpus: 1 });
  expect(placeSlot(cell, cell.memoryBytes).baseIpa).toBe(0xfffee00000);
});

describe.each(SUBJECTS)('%s', (...subject) => {
  it('counts what KVM counted with one vCPU, stage by stage', () => {
    const stages = simulate(1, subject, WITHOUT_MANUAL_PROTECT);
    expect(Object.keys(stages)).toEqual(Object.keys(CAPTURED));
    for (const [name, captured] of Object.entries(CAPTURED)) {
      const stage = stages[name];
      expect(stage === undefined ? undefined : countsOf(stage), name).toMatchObject(captured);
    }
  });

  it('maps and splits with four vCPUs what four times the memory needs, whoever is where', () => {
    const stages = simulate(4, subject, WITHOUT_MANUAL_PROTECT);
    expect(stages['POPULATE']?.maps).toBe(4 * 8);
    expect(stages['DIRTY1']).toMatchObject({ maps: 4 * 4096, tlbi: { vmid: 0 } });
    expect(stages['DIRTY2']?.relaxed).toBe(4 * 4096);
    expect(stages['GET1']?.tlbi.vmid).toBe(1);
  });

  it('protects nothing before CLEAR, where all pages are dirty at first', () => {
    const stages = simulate(1, subject, DIRTY_LOG_PERF);
    const counted = Object.fromEntries(Object.entries(stages).map(([name, stage]) => [name, countsOf(stage)]));
    for (const name of ['LOG_ON', 'DIRTY1', 'GET1', 'GET2']) expect(counted[name], name).toMatchObject(NOTHING);
    expect(counted['CLEAR1']).toMatchObject({ ...NOTHING, tlbiVmid: 1 });
    expect(counted['DIRTY2']).toMatchObject(CAPTURED.DIRTY1);
    expect(counted['CLEAR2']).toMatchObject({ ...NOTHING, tlbiVmid: 1 });
  });

  it('unmaps page by page what was split, and holds the lock for it', () => {
    const { UNMAP, DESTROY } = simulate(1, subject, workloadWith(TEARDOWN, { mapped: 'pages' }));
    // A TLBI for each page, for each of the eight tables that become empty, and for the one above them.
    expect(UNMAP).toMatchObject({ cleanedBytes: 16 * MIB, tlbi: { ipa: 4096 + 8 + 1 } });
    expect(UNMAP?.host).toMatchObject({ tasks: { unmap: { count: 1, totalNs: UNMAP?.timeNs } } });
    expect(UNMAP?.host?.longestLockNs).toBe(UNMAP?.timeNs);
    expect(DESTROY).toMatchObject({ cleanedBytes: 0, host: { tasks: { destroy: { count: 1 } } } });
  });
});

it('splits blocks when they are cleared, in chunks, where the kernel can', () => {
  const workload = workloadWith(DIRTY_LOG_PERF, { 'split-chunk': '2M' });
  const { CLEAR1, DIRTY2 } = simulate(1, SUBJECTS[1], workload);
  expect(CLEAR1).toMatchObject({ tablePages: { allocated: 8 }, faults: { permission: 0 } });
  expect(DIRTY2).toMatchObject({ faults: { translation: 0, permission: 4096 }, relaxed: 4096 });
});
