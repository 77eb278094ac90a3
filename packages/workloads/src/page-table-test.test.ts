import { describe, expect, it } from 'vitest';
import { accessesOf, BLOCK_BYTES, PAGE_BYTES, SETTING, stepsOfStage } from '../test/accesses.ts';
import { LOGGING_FIRST, PAGE_TABLE_TEST } from './index.ts';

const BASE = SETTING.baseIpa;
const SMALL_PAGES = { ...SETTING, granuleBytes: PAGE_BYTES, memoryBytes: 16 * PAGE_BYTES };

/** `count` addresses from one on. */
function addresses(first: number, count: number, strideBytes: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index * strideBytes);
}

function only(setting: typeof SETTING, stage: string) {
  const [step, ...others] = stepsOfStage(PAGE_TABLE_TEST, setting, stage);
  expect(others).toEqual([]);
  if (step === undefined) throw new Error(`${stage}: no guest runs`);
  return step;
}

describe('page-table-test', () => {
  it('is the five loops of the selftest, or the three that are left where logging comes first', () => {
    const stagesOf = (history: string) =>
      PAGE_TABLE_TEST.plan({ ...SETTING, history }).stages.map(({ name, steps }) => [
        name,
        ...steps.map((step) => (step.kind === 'host' ? step.do : step.kind)),
      ]);
    const loggingFirst = [
      ['UPDATE', 'guest'],
      ['LOG_OFF', 'log-off'],
      ['ADJUST', 'guest'],
    ];
    expect(stagesOf(LOGGING_FIRST.name)).toEqual(loggingFirst);
    expect(stagesOf('block-first')).toEqual([['CREATE', 'guest'], ['LOG_ON', 'log-on'], ...loggingFirst]);
  });

  it('CREATE touches the first page of each block: even vCPUs write, odd ones read', () => {
    const step = only(SETTING, 'CREATE');
    for (const vcpu of [0, 1, 2, 3]) {
      const write = vcpu === 0 || vcpu === 2;
      expect(accessesOf(step.programOf(vcpu))).toEqual(addresses(BASE, 8, BLOCK_BYTES).map((ipa) => ({ ipa, write })));
    }
    expect([0, 1, 2, 3].map((vcpu) => step.classOf(vcpu))).toEqual([0, 1, 0, 1]);
    expect(step.periodAccesses).toBe(1);
  });

  it('CREATE touches each page where there are no blocks', () => {
    expect(accessesOf(only(SMALL_PAGES, 'CREATE').programOf(1))).toEqual(
      addresses(BASE, 16, PAGE_BYTES).map((ipa) => ({ ipa, write: false })),
    );
  });

  it('UPDATE writes the first page of each block and reads the second half of its pages', () => {
    const step = only(SETTING, 'UPDATE');
    const wanted = addresses(BASE, 8, BLOCK_BYTES).flatMap((block) => [
      { ipa: block, write: true },
      ...addresses(block + BLOCK_BYTES / 2, 256, PAGE_BYTES).map((ipa) => ({ ipa, write: false })),
    ]);
    for (const vcpu of [0, 3]) expect(accessesOf(step.programOf(vcpu))).toEqual(wanted);
    expect([0, 3].map((vcpu) => step.classOf(vcpu))).toEqual([0, 0]);
    expect(step.periodAccesses).toBe(257);
  });

  it('UPDATE writes every page where there are no blocks', () => {
    const step = only(SMALL_PAGES, 'UPDATE');
    expect(accessesOf(step.programOf(2))).toEqual(addresses(BASE, 16, PAGE_BYTES).map((ipa) => ({ ipa, write: true })));
    expect(step.periodAccesses).toBe(1);
  });

  it('ADJUST reads each page once, and is over a block in as many accesses as it has pages', () => {
    const step = only(SETTING, 'ADJUST');
    const wanted = addresses(BASE, 8 * 512, PAGE_BYTES).map((ipa) => ({ ipa, write: false }));
    for (const vcpu of [0, 3]) expect(accessesOf(step.programOf(vcpu))).toEqual(wanted);
    expect([0, 3].map((vcpu) => step.classOf(vcpu))).toEqual([0, 0]);
    expect(step.periodAccesses).toBe(512);
  });
});
