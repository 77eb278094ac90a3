/** What the tests of workloads share: programs unrolled, settings of every shape, the guest steps of a plan. */
import type { AccessRun, GuestProgram } from '@s2bench/kernel';
import * as fc from 'fast-check';
import type { Workload, WorkloadPlan, WorkloadSetting, WorkloadStep } from '../src/index.ts';

/** One access of a guest. */
export interface Access {
  readonly ipa: number;
  readonly write: boolean;
}

export type GuestStep = Extract<WorkloadStep, { kind: 'guest' }>;

export const PAGE_BYTES = 4096;
export const BLOCK_BYTES = 2 ** 21;

/** Eight blocks of 2M for four vCPUs. */
export const SETTING: WorkloadSetting = {
  baseIpa: 2 ** 30,
  memoryBytes: 8 * BLOCK_BYTES,
  granuleBytes: BLOCK_BYTES,
  pageSizeBytes: PAGE_BYTES,
  vcpus: 4,
  history: 'block-first',
  seed: 0,
};

/** Blocks of up to 64 pages, so that programs stay short; memory of one to six blocks, up to seven vCPUs. */
export const settings: fc.Arbitrary<Omit<WorkloadSetting, 'history'>> = fc
  .record({
    pageSizeBytes: fc.constantFrom(4096, 16384, 65536),
    granulePages: fc.constantFrom(1, 2, 16, 64),
    blocks: fc.integer({ min: 1, max: 6 }),
    basePages: fc.nat({ max: 2 ** 20 }),
    vcpus: fc.integer({ min: 1, max: 7 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  })
  .map(({ pageSizeBytes, granulePages, blocks, basePages, vcpus, seed }) => {
    const granuleBytes = pageSizeBytes * granulePages;
    return {
      baseIpa: basePages * granuleBytes,
      memoryBytes: blocks * granuleBytes,
      granuleBytes,
      pageSizeBytes,
      vcpus,
      seed,
    };
  });

/** No program of the tests is longer: one that is does not end. */
const MOST_ACCESSES = 2 ** 16;

/** The loops of a program, up to its end: each of them whole accesses, one at least. */
export function loopsOf(program: GuestProgram): AccessRun[] {
  const loops: AccessRun[] = [];
  const run: AccessRun = { startIpa: -1, count: -1, strideBytes: -1, write: false };
  let accesses = 0;
  while (program.next(run)) {
    loops.push({ ...run });
    accesses += run.count;
    if (!Number.isInteger(run.count) || run.count < 1) throw new Error(`a loop of ${run.count} accesses`);
    if (accesses > MOST_ACCESSES) throw new Error('the program does not end');
  }
  return loops;
}

/** The accesses of a program, one by one. */
export function accessesOf(program: GuestProgram): Access[] {
  return loopsOf(program).flatMap(({ startIpa, count, strideBytes, write }) =>
    Array.from({ length: count }, (_, index) => ({ ipa: startIpa + index * strideBytes, write })),
  );
}

/** The steps of a plan in which guests run, in their order. */
export function guestSteps(plan: WorkloadPlan): GuestStep[] {
  return plan.stages.flatMap(({ steps }) => steps).filter((step) => step.kind === 'guest');
}

/** The guest steps of one stage of a workload. */
export function stepsOfStage(workload: Workload, setting: WorkloadSetting, name: string): GuestStep[] {
  const plan = workload.plan(setting);
  return guestSteps({ ...plan, stages: plan.stages.filter((stage) => stage.name === name) });
}
