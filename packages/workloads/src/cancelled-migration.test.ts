import { describe, expect, it } from 'vitest';
import { accessesOf, guestSteps, PAGE_BYTES, SETTING, stepsOfStage } from '../test/accesses.ts';
import { CANCELLED_MIGRATION, LOGGING_FIRST, PAGE_TABLE_TEST, type WorkloadSetting } from './index.ts';

/** The pages that a vCPU writes in a round. */
function pagesWritten(setting: WorkloadSetting, round: number, vcpu: number): number[] {
  const step = stepsOfStage(CANCELLED_MIGRATION, setting, 'UPDATE')[round];
  if (step === undefined) throw new Error(`no round ${round}`);
  return accessesOf(step.programOf(vcpu)).map(({ ipa, write }) => {
    expect(write).toBe(true);
    return (ipa - setting.baseIpa) / PAGE_BYTES;
  });
}

describe('cancelled-migration', () => {
  it('dirties in three rounds, and reads the log after each of them', () => {
    const stagesOf = (history: string) =>
      CANCELLED_MIGRATION.plan({ ...SETTING, history }).stages.map(({ name, steps }) => [
        name,
        ...steps.map((step) => (step.kind === 'host' ? step.do : step.kind)),
      ]);
    const loggingFirst = [
      ['UPDATE', 'guest', 'collect-log', 'guest', 'collect-log', 'guest', 'collect-log'],
      ['LOG_OFF', 'log-off'],
      ['ADJUST', 'guest'],
    ];
    expect(stagesOf(LOGGING_FIRST.name)).toEqual(loggingFirst);
    expect(stagesOf('block-first')).toEqual([['CREATE', 'guest'], ['LOG_ON', 'log-on'], ...loggingFirst]);
    expect(CANCELLED_MIGRATION.summary).toContain('after 3 rounds');
  });

  it('makes its blocks, and takes them back, as the selftest does', () => {
    for (const stage of ['CREATE', 'ADJUST']) {
      const [ours, theirs] = [CANCELLED_MIGRATION, PAGE_TABLE_TEST].map((workload) =>
        stepsOfStage(workload, SETTING, stage).map((step) => [
          step.periodAccesses,
          ...[0, 1].map((vcpu) => [step.classOf(vcpu), accessesOf(step.programOf(vcpu))]),
        ]),
      );
      expect(ours).toHaveLength(1);
      expect(ours).toEqual(theirs);
    }
  });

  it('writes a sixteenth of the pages in a round, the vCPUs together, and each vCPU at least one', () => {
    const written = (blocks: number, vcpus: number) =>
      pagesWritten({ ...SETTING, memoryBytes: blocks * 2 ** 21, vcpus }, 0, 0).length;
    expect(written(8, 1)).toBe(256);
    expect(written(8, 4)).toBe(64);
    // 512 pages of seven vCPUs: 4.57 each.
    expect(written(1, 7)).toBe(5);
    expect(written(1, 96)).toBe(1);
  });

  it('draws for each vCPU and each round on its own', () => {
    const programs = [0, 1, 2].flatMap((round) =>
      [0, 1, 2, 3].map((vcpu) => JSON.stringify(pagesWritten(SETTING, round, vcpu))),
    );
    expect(new Set(programs).size).toBe(12);
    for (const step of stepsOfStage(CANCELLED_MIGRATION, SETTING, 'UPDATE')) {
      expect([0, 1, 2, 3].map((vcpu) => step.classOf(vcpu))).toEqual([0, 1, 2, 3]);
      expect(step.periodAccesses).toBe(1);
    }
  });

  it('draws no neighbouring pages for neighbouring seeds, rounds and vCPUs', () => {
    const large = { ...SETTING, memoryBytes: 2 ** 33 };
    const pages = 2 ** 33 / PAGE_BYTES;
    const firsts: number[] = [];
    for (let seed = 0; seed < 8; seed++) {
      for (let round = 0; round < 3; round++) {
        const step = stepsOfStage(CANCELLED_MIGRATION, { ...large, seed }, 'UPDATE')[round];
        for (let vcpu = 0; vcpu < 16; vcpu++) {
          const run = { startIpa: 0, count: 0, strideBytes: 0, write: false };
          step?.programOf(vcpu).next(run);
          firsts.push((run.startIpa - large.baseIpa) / PAGE_BYTES / pages);
        }
      }
    }
    // Of 384 points on a line of 2^21 places some fall together by chance, but hardly ten.
    expect(new Set(firsts).size).toBeGreaterThan(374);
    const steps = firsts.slice(1).map((first, index) => Math.abs(first - (firsts[index] ?? NaN)));
    // Two points at random are a third of the line apart on average.
    expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeCloseTo(1 / 3, 1);
  });

  it('draws the pages that published results were made with', () => {
    const first = (seed: number, round: number, vcpu: number) =>
      pagesWritten({ ...SETTING, seed }, round, vcpu).slice(0, 4);
    expect(first(0, 0, 0)).toEqual([4046, 1028, 3848, 3380]);
    expect(first(0, 0, 1)).toEqual([764, 2736, 2039, 3869]);
    expect(first(0, 2, 1)).toEqual([912, 362, 764, 800]);
    expect(first(7, 1, 3)).toEqual([1090, 1156, 1210, 3965]);
    expect(guestSteps(CANCELLED_MIGRATION.plan(SETTING))).toHaveLength(5);
  });
});
