/** Workloads by their options: which stages they have, who does what in each, and what the kernel has to be able to do. */
import { describe, expect, it } from 'vitest';
import { accessesOf, BLOCK_BYTES, guestSteps, loopsOf, PAGE_BYTES, SETTING, stepsOfStage } from '../test/accesses.ts';
import { type ConfigurableWorkload, isConfigurableWorkload, workloadWith } from './define-workload.ts';
import { DIRTY_LOG_PERF } from './dirty-log-perf.ts';
import { LOG_STOP } from './log-stop.ts';
import { MIGRATION } from './migration.ts';
import { sizeBytesOf } from './size-option.ts';
import { SPREAD } from './spread.ts';
import { TEARDOWN } from './teardown.ts';
import type { Workload, WorkloadPlan } from './workload.ts';

/** A word a step: what the host does, or that guests run, and beside which actions. */
function storyOf({ stages }: WorkloadPlan): string {
  const steps = stages.map(({ name, steps: ofStage }) => {
    const words = ofStage.map((step) =>
      step.kind === 'guest' ? ['guest', ...(step.host ?? []).map((one) => one.do)].join('+') : step.do,
    );
    return `${name}: ${words.join(' ')}`;
  });
  return steps.join(', ');
}

const CREATED = 'CREATE: guest, LOG_ON: log-on';
const SLOW = { 'dirty-mib': 1, 'link-gbit': 100 };

const configured = (workload: ConfigurableWorkload, given: object): Workload => workloadWith(workload, given as never);

describe.each<[string, ConfigurableWorkload<never>, object, string]>([
  [
    'dirty-log-perf',
    DIRTY_LOG_PERF as never,
    { iterations: 1 },
    'POPULATE: guest, LOG_ON: log-on, DIRTY1: guest, GET1: collect-log, CLEAR1: clear-log, LOG_OFF: log-off',
  ],
  [
    'dirty-log-perf',
    DIRTY_LOG_PERF as never,
    { iterations: 2, 'manual-protect': 'off' },
    'POPULATE: guest, LOG_ON: log-on, DIRTY1: guest, GET1: collect-log, DIRTY2: guest, GET2: collect-log, LOG_OFF: log-off',
  ],
  ['log-stop', LOG_STOP as never, {}, `${CREATED}, UPDATE: guest, RUN: guest, LOG_OFF: guest+log-off`],
  ['spread', SPREAD as never, {}, `${CREATED}, UPDATE: guest, LOG_OFF: log-off, SPREAD: guest`],
  ['teardown', TEARDOWN as never, {}, 'CREATE: guest, UNMAP: unmap, DESTROY: destroy'],
  [
    'teardown',
    TEARDOWN as never,
    { mapped: 'pages', first: 'destroy' },
    `${CREATED}, UPDATE: guest, LOG_OFF: log-off, DESTROY: destroy`,
  ],
  [
    'migration',
    MIGRATION as never,
    { ...SLOW, rounds: 2 },
    'CREATE: guest, LOG_ON: guest+log-on, ROUND1: guest+collect-log+clear-log, ROUND2: guest+collect-log+clear-log, LOG_OFF: guest+log-off, ADJUST: guest',
  ],
  [
    'migration',
    MIGRATION as never,
    { ...SLOW, rounds: 2, 'manual-protect': 'off', 'dirty-mib': 100_000 },
    'CREATE: guest, LOG_ON: guest+log-on, ROUND1: guest guest, ROUND2: guest+collect-log guest, LOG_OFF: guest+log-off, ADJUST: guest',
  ],
  [
    'migration',
    MIGRATION as never,
    { ...SLOW, rounds: 1, end: 'finished', 'downtime-ms': 60_000 },
    'CREATE: guest, LOG_ON: guest+log-on, ROUND1: guest+collect-log+clear-log, STOP: collect-log, LOG_OFF: log-off, DESTROY: destroy',
  ],
])('%s with %o %o', (_name, workload, given, story) => {
  it('has these stages, and says so before it is planned', () => {
    const made = configured(workload, given);
    const plan = made.plan(SETTING);
    expect(storyOf(plan)).toBe(story);
    expect(plan.stages.flatMap(({ steps }) => steps).every(({ kind }) => ['guest', 'host'].includes(kind))).toBe(true);
    expect(made.stages).toEqual(plan.stages.map(({ name }) => name));
  });
});

describe('a workload that logs', () => {
  it.each([
    ['on', true],
    ['off', false],
  ] as const)('with manual protection %s asks the kernel for it, all pages dirty at first', (value, isManual) => {
    for (const workload of [DIRTY_LOG_PERF, MIGRATION] as unknown as ConfigurableWorkload[]) {
      const { dirtyLog } = configured(workload, { 'manual-protect': value }).plan(SETTING);
      expect(dirtyLog).toEqual({ manualProtect: isManual, initiallySet: isManual, splitChunkBytes: 0 });
    }
  });

  it('needs a kernel that splits where it is to split, in chunks of the size that it is given', () => {
    for (const workload of [DIRTY_LOG_PERF, MIGRATION] as unknown as ConfigurableWorkload[]) {
      const [none, split] = [configured(workload, {}), configured(workload, { 'split-chunk': '4M' })];
      expect([none.needs, split.needs]).toEqual([undefined, ['eager-split']]);
      expect(split.plan(SETTING).dirtyLog?.splitChunkBytes).toBe(2 ** 22);
    }
  });
});

describe('a pass of dirty-log-perf', () => {
  const REGION = (2 * BLOCK_BYTES) / PAGE_BYTES;
  const stepOf = (given: object) => {
    const [step] = stepsOfStage(configured(DIRTY_LOG_PERF, given), SETTING, 'DIRTY1');
    if (step === undefined) throw new Error('a guest step is missing');
    return step;
  };

  it.each([
    [{}, BLOCK_BYTES / PAGE_BYTES, 1],
    [{ 'write-percent': 0 }, BLOCK_BYTES / PAGE_BYTES, 0],
    [{ stride: '1M' }, 2, 1],
    [{ stride: 'block' }, 1, 1],
    [{ stride: '8M' }, 1, 1],
  ])('with %o is one loop that repeats itself block by block', (given, period, writes) => {
    const step = stepOf(given);
    expect(step.periodAccesses).toBe(period);
    const loops = loopsOf(step.programOf(1));
    expect(loops).toHaveLength(1);
    expect(loops[0]?.write).toBe(writes === 1);
  });

  it.each([
    [{ 'write-percent': 50 }, 0.5],
    [{ order: 'random', 'write-percent': 25 }, 0.25],
    [{ order: 'random', 'write-percent': 0 }, 0],
    [{ order: 'random' }, 1],
  ])('with %o repeats itself in kind only, and writes so often', (given, part) => {
    const step = stepOf(given);
    expect(step.periodAccesses).toBe(1);
    const accesses = accessesOf(step.programOf(1));
    expect(accesses).toHaveLength(REGION);
    expect(Math.abs(accesses.filter(({ write }) => write).length / REGION - part)).toBeLessThan(0.06);
    if (part === 0 || part === 1) expect(accesses.every(({ write }) => write === (part === 1))).toBe(true);
  });
});

describe('a migration', () => {
  it('draws other writes in each step', () => {
    const plan = configured(MIGRATION, { rounds: 3, 'dirty-mib': 20_000 }).plan(SETTING);
    const random = guestSteps(plan).filter(({ computeNs = 0 }) => computeNs > 0);
    expect(random.length).toBeGreaterThan(6);
    const begins = random.map((step) => JSON.stringify(accessesOf(step.programOf(0)).slice(0, 64)));
    expect(new Set(begins).size).toBe(begins.length);
  });

  it('sends a round at least, whatever it may take at the end', () => {
    const made = configured(MIGRATION, { ...SLOW, end: 'finished', 'downtime-ms': 60_000, rounds: 5 });
    expect(made.plan(SETTING).stages.filter(({ name }) => name.startsWith('ROUND'))).toHaveLength(1);
  });
});

describe('what a guest writes first', () => {
  it('is each block of its own, once, or each page', () => {
    const plan = configured(TEARDOWN, { mapped: 'pages' }).plan(SETTING);
    const [create, update] = guestSteps(plan);
    expect([create?.periodAccesses, update?.periodAccesses]).toEqual([1, BLOCK_BYTES / PAGE_BYTES]);
    for (const [step, bytes] of [
      [create, BLOCK_BYTES],
      [update, PAGE_BYTES],
    ] as const) {
      const accesses = [0, 1, 2, 3].flatMap((vcpu) => (step === undefined ? [] : accessesOf(step.programOf(vcpu))));
      expect(accesses.every(({ write }) => write)).toBe(true);
      const places = accesses.map(({ ipa }) => (ipa - SETTING.baseIpa) / bytes);
      expect(places).toEqual(Array.from({ length: (8 * BLOCK_BYTES) / bytes }, (_, at) => at));
    }
  });
});

describe('the guests of spread', () => {
  it('compute between accesses as long as they are told, and begin anew when they are planned again', () => {
    const workload = configured(SPREAD, { accesses: 5, follow: 100, 'compute-ns': 123 });
    const [step] = stepsOfStage(workload, SETTING, 'SPREAD');
    expect(step?.computeNs).toBe(123);
    const once = [0, 1].map((vcpu) => step?.programOf(vcpu));
    const accesses = (): unknown => (once[1] === undefined ? [] : accessesOf(once[1]));
    if (once[0] !== undefined) accessesOf(once[0]);
    const behind = accesses();
    // vCPU 0 has come to the last block, and who follows reads it; a new vCPU 0 begins at the first.
    step?.programOf(0);
    const [anew] = [step?.programOf(1)];
    expect(anew === undefined ? [] : accessesOf(anew)).not.toEqual(behind);
  });

  it.each([false, true])(
    'follow vCPU 0 as often as they are told, and are anywhere else (planned: %s)',
    (isPlanned) => {
      const [step] = stepsOfStage(configured(SPREAD as never, { accesses: 500, follow: 50 }), SETTING, 'SPREAD');
      if (isPlanned) step?.programOf(0);
      const accesses = step === undefined ? [] : accessesOf(step.programOf(1));
      const blocks = accesses.map(({ ipa }) => Math.floor((ipa - SETTING.baseIpa) / BLOCK_BYTES));
      // Nobody has told them that it has moved on from the first of eight.
      const inFirst = blocks.filter((block) => block === 0).length / blocks.length;
      expect(Math.abs(inFirst - (0.5 + 0.5 / 8))).toBeLessThan(0.03);
      expect(new Set(blocks).size).toBe(8);
    },
  );

  it('write as few loops as the mapped pages of a block make', () => {
    const loops = (given: object): number[] => {
      const [step] = stepsOfStage(configured(SPREAD, { populated: 25, ...given }), SETTING, 'UPDATE');
      return step === undefined ? [] : loopsOf(step.programOf(0)).map(({ count }) => count);
    };
    const pages = BLOCK_BYTES / PAGE_BYTES / 4;
    // Two blocks of vCPU 0.
    expect(loops({})).toEqual([pages, pages]);
    expect(loops({ holes: 'start' })).toEqual([pages, pages]);
    expect(loops({ holes: 'striped' })).toEqual(Array(2 * pages).fill(1));
  });

  it('leave one page of a block out, however much of it is mapped', () => {
    const small = { ...SETTING, granuleBytes: 4 * PAGE_BYTES, memoryBytes: 8 * 4 * PAGE_BYTES };
    const [step] = stepsOfStage(configured(SPREAD, { populated: 99 }), small, 'UPDATE');
    expect(step === undefined ? 0 : accessesOf(step.programOf(0)).length).toBe(2 * 3);
  });

  it('have holes anywhere where these are drawn', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const [step] = stepsOfStage(
        configured(SPREAD, { holes: 'random', populated: 50 }),
        { ...SETTING, seed, granuleBytes: 8 * PAGE_BYTES, memoryBytes: 4 * 8 * PAGE_BYTES },
        'UPDATE',
      );
      const accesses = step === undefined ? [] : accessesOf(step.programOf(0));
      expect(new Set(accesses.map(({ ipa }) => ipa)).size).toBe(4);
      for (const { ipa } of accesses) seen.add((ipa - SETTING.baseIpa) / PAGE_BYTES);
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('options', () => {
  it('are what some workloads have, and others not', () => {
    expect([DIRTY_LOG_PERF, SPREAD].map(isConfigurableWorkload)).toEqual([true, true]);
    const { options: _options, behaviour: _behaviour, ...plain } = SPREAD;
    expect(isConfigurableWorkload(plain)).toBe(false);
    expect(isConfigurableWorkload({ ...plain, options: undefined } as Workload)).toBe(false);
  });

  it('that are sizes are bytes, or words, and nothing else', () => {
    expect(['1K', '2M', '3g', '1T', 'page', '', '0M', '2'].map(sizeBytesOf)).toEqual([
      2 ** 10,
      2 ** 21,
      3 * 2 ** 30,
      2 ** 40,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(() => configured(DIRTY_LOG_PERF as never, { stride: 'word' })).toThrow('must be a size, as 64K or 2M');
    expect(() => configured(DIRTY_LOG_PERF as never, { 'split-chunk': 'block' })).toThrow('or none');
  });
});
