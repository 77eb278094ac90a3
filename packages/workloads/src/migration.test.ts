/** The rounds of a migration, by hand. */
import { describe, expect, it } from 'vitest';
import { accessesOf, guestSteps, SETTING } from '../test/accesses.ts';
import { workloadWith } from './define-workload.ts';
import { MIGRATION } from './migration.ts';
import type { Workload, WorkloadPlan } from './workload.ts';

/** 1 GiB in pages of 4K for four vCPUs. */
const GUEST = { ...SETTING, memoryBytes: 2 ** 30 };
const GUEST_PAGES = 2 ** 18;

function planOf(given: Parameters<typeof workloadWith<typeof MIGRATION.options>>[1]): WorkloadPlan {
  return workloadWith(MIGRATION, given).plan(GUEST);
}

function namesOf({ stages }: WorkloadPlan): string[] {
  return stages.map(({ name }) => name);
}

/** What all vCPUs write in a stage. */
function writesOf(plan: WorkloadPlan, name: string): number {
  const steps = guestSteps({ ...plan, stages: plan.stages.filter((stage) => stage.name === name) });
  return 4 * steps.reduce((sum, step) => sum + accessesOf(step.programOf(1)).length, 0);
}

// 10 Gbit/s send 1 GiB in 2^30 / 1.25e9 s; 64 MiB/s are 2^14 pages of it a second.
const FIRST_S = 2 ** 30 / 1.25e9;
const RATE = { 'link-gbit': 10, 'dirty-mib': 64 };

describe('migration', () => {
  it('writes at its rate for as long as the link takes, round by round', () => {
    const plan = planOf({ ...RATE, rounds: 3 });
    const first = writesOf(plan, 'ROUND1');
    expect(Math.abs(first - FIRST_S * 2 ** 14)).toBeLessThanOrEqual(4);
    // Of what was written a few pages twice: with n pages and w writes, w - w²/2n.
    const dirty = first - first ** 2 / (2 * GUEST_PAGES);
    expect(Math.abs(writesOf(plan, 'ROUND2') / ((dirty / GUEST_PAGES) * FIRST_S * 2 ** 14) - 1)).toBeLessThan(0.01);
    expect(writesOf(plan, 'ROUND3')).toBeLessThan(writesOf(plan, 'ROUND2') / 10);
    for (const step of guestSteps(plan).filter(({ computeNs = 0 }) => computeNs > 0))
      expect(step.computeNs).toBe((4 * 1e9) / 2 ** 14);
  });

  it('goes through all rounds and on with the guest where it is cancelled', () => {
    expect(namesOf(planOf({ ...RATE, rounds: 2 }))).toEqual([
      'CREATE',
      'LOG_ON',
      'ROUND1',
      'ROUND2',
      'LOG_OFF',
      'ADJUST',
    ]);
  });

  it('ends when what is left fits the downtime, or after all rounds', () => {
    const finished = { ...RATE, end: 'finished' as const, rounds: 9 };
    expect(namesOf(planOf(finished))).toEqual(['CREATE', 'LOG_ON', 'ROUND1', 'STOP', 'LOG_OFF', 'DESTROY']);
    expect(namesOf(planOf({ ...finished, 'downtime-ms': 10 }))).toContain('ROUND2');
    expect(namesOf(planOf({ ...finished, 'dirty-mib': 100_000 }))).toContain('ROUND9');
  });

  it('asks for the log beside running guests, and with manual protection takes it back', () => {
    const actions = (given: Parameters<typeof planOf>[0]): unknown =>
      guestSteps(planOf({ ...RATE, rounds: 2, ...given })).flatMap(({ host = [] }) => host.map((one) => one.do));
    expect(actions({})).toEqual(['log-on', 'collect-log', 'clear-log', 'collect-log', 'clear-log', 'log-off']);
    expect(actions({ 'manual-protect': 'off' })).toEqual(['log-on', 'collect-log', 'log-off']);
  });

  it('writes hot pages alone', () => {
    const plan = planOf({ ...RATE, rounds: 1, 'hot-percent': 25 });
    const steps = guestSteps({ ...plan, stages: plan.stages.filter(({ name }) => name === 'ROUND1') });
    const ipas = steps.flatMap((step) => accessesOf(step.programOf(3))).map(({ ipa }) => ipa);
    expect(Math.max(...ipas)).toBeLessThan(GUEST.baseIpa + 2 ** 28);
    expect(Math.max(...ipas)).toBeGreaterThan(GUEST.baseIpa + 0.98 * 2 ** 28);
  });

  it('needs a kernel that splits only where it is to split', () => {
    const needs = (workload: Workload): unknown => workload.needs;
    expect(needs(MIGRATION)).toBeUndefined();
    expect(needs(workloadWith(MIGRATION, { 'split-chunk': '2M' }))).toEqual(['eager-split']);
  });
});
