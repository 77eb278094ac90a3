/** What every workload keeps to, whatever it is for. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessesOf, guestSteps, SETTING, settings } from '../test/accesses.ts';
import {
  BLOCK_FIRST,
  DIRTY_LOG_PERF,
  findWorkload,
  type HostAction,
  HISTORIES,
  KERNEL_IMAGE_BYTES,
  LOG_STOP,
  LOGGING_FIRST,
  MIGRATION,
  SPREAD,
  TEARDOWN,
  WORKLOADS,
  type Workload,
  type WorkloadPlan,
  type WorkloadSetting,
  type WorkloadStep,
  workloadWith,
} from './index.ts';

/** Each workload, and those with options in other ways too. */
const VARIANTS: readonly Workload[] = [
  ...WORKLOADS,
  ...[
    { iterations: 3, 'write-percent': 30 },
    { order: 'random' as const, 'write-percent': 50 },
    { stride: 'block', 'manual-protect': 'off' as const },
    { stride: '64K', 'split-chunk': '2M' },
  ].map((given) => workloadWith(DIRTY_LOG_PERF, given)),
  workloadWith(TEARDOWN, { mapped: 'pages' }),
  workloadWith(TEARDOWN, { mapped: 'pages', first: 'destroy' }),
  workloadWith(LOG_STOP, { passes: 2, 'compute-ns': 0 }),
  workloadWith(SPREAD, { holes: 'start', populated: 1, 'working-set': 40, accesses: 3 }),
  workloadWith(SPREAD, { holes: 'striped', populated: 99, accesses: 5 }),
  workloadWith(SPREAD, { holes: 'random', accesses: 1 }),
  workloadWith(MIGRATION, { end: 'finished', 'downtime-ms': 1, rounds: 2, 'manual-protect': 'off' }),
];
const IN_ORDER = VARIANTS.map((workload) => [workload.name, workload] as const);

/** What the host does in a step, alone or beside guests. */
function actionsOf(step: WorkloadStep): readonly { readonly do: HostAction }[] {
  return step.kind === 'host' ? [step] : (step.host ?? []);
}

/** Runs a property on plans of a workload, with each of its histories. */
function everyPlan(workload: Workload, holds: (plan: WorkloadPlan, setting: WorkloadSetting) => void): void {
  for (const { name } of workload.histories) {
    fc.assert(
      fc.property(settings, (rest) => {
        const slots = workload.memoryOf === 'vcpu' ? rest.vcpus : 1;
        const setting = { ...rest, memoryBytes: rest.memoryBytes * slots, history: name };
        holds(workload.plan(setting), setting);
      }),
      // Options change a part of what a workload does.
      { numRuns: workload.name.includes('?') ? 5 : 15 },
    );
  }
}

describe('the catalogue', () => {
  it('finds each workload by its name, and nothing by another', () => {
    expect(WORKLOADS.map(({ name }) => name)).toEqual([
      'page-table-test',
      'cancelled-migration',
      'dirty-log-perf',
      'teardown',
      'log-stop',
      'spread',
      'migration',
    ]);
    for (const workload of WORKLOADS) expect(findWorkload(workload.name)).toBe(workload);
    expect(findWorkload('page-table')).toBeUndefined();
  });

  it('says of everything in it what it is and where it comes from', () => {
    for (const { summary, source } of WORKLOADS) {
      expect(summary.length).toBeGreaterThan(20);
      expect(source.length).toBeGreaterThan(20);
    }
    for (const { name, summary } of HISTORIES) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary.length).toBeGreaterThan(20);
    }
    expect(HISTORIES).toEqual([BLOCK_FIRST, LOGGING_FIRST]);
    expect([BLOCK_FIRST.name, LOGGING_FIRST.name]).toEqual(['block-first', 'logging-first']);
  });
});

describe.each(IN_ORDER)('the workload %s', (_name, workload) => {
  it('offers histories of different names', () => {
    const names = workload.histories.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has its stages in the order in which it names them, each once', () => {
    expect(new Set(workload.stages).size).toBe(workload.stages.length);
    for (const name of workload.stages) expect(name).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    everyPlan(workload, ({ stages }) => {
      const names = stages.map(({ name }) => name);
      expect(names).toEqual(workload.stages.filter((name) => names.includes(name)));
      for (const { steps } of stages) expect(steps.length).toBeGreaterThan(0);
    });
  });

  it('has every stage that it names with one of its histories', () => {
    const plans = workload.histories.map(({ name }) => workload.plan({ ...SETTING, history: name }));
    expect(new Set(plans.flatMap(({ stages }) => stages.map(({ name }) => name)))).toEqual(new Set(workload.stages));
  });

  it('switches logging on and off in turn, reads the log only while there is one, and ends without', () => {
    everyPlan(workload, ({ bornWithLogging, stages }) => {
      let logging = bornWithLogging;
      for (const step of stages.flatMap(({ steps }) => steps).flatMap(actionsOf)) {
        // It is switched on where it is off, and then memory goes; only where it is on is it switched off, or read.
        expect(logging).toBe(/^log-off|-log$/.test(step.do));
        if (step.do.startsWith('log-')) logging = step.do === 'log-on';
      }
      expect(logging).toBe(false);
    });
  });

  it('logs in UPDATE and in no stage in which blocks are made', () => {
    everyPlan(workload, ({ bornWithLogging, stages }) => {
      let logging = bornWithLogging;
      for (const { name, steps } of stages) {
        for (const step of steps.flatMap(actionsOf)) {
          if (step.do.startsWith('log-')) logging = step.do === 'log-on';
        }
        if (/^(UPDATE|DIRTY)/.test(name)) expect(logging).toBe(true);
        if (/^(CREATE|POPULATE|ADJUST)/.test(name)) expect(logging).toBe(false);
      }
    });
  });

  it('loads an image only into a slot whose guest runs without caches, and never more than there is memory', () => {
    everyPlan(workload, ({ bornWithLogging, guestCaches, hostImageBytes }, { history, memoryBytes }) => {
      const loggingFirst = history === LOGGING_FIRST.name;
      expect([bornWithLogging, guestCaches]).toEqual([loggingFirst, !loggingFirst]);
      expect(hostImageBytes).toBe(loggingFirst ? Math.min(memoryBytes, 64 * 1024 * 1024) : 0);
    });
  });

  it.runIf(workload.histories.includes(LOGGING_FIRST))('loads 64 MiB into a guest that is larger', () => {
    const plan = workload.plan({ ...SETTING, memoryBytes: 2 ** 30, history: LOGGING_FIRST.name });
    expect(plan.hostImageBytes).toBe(KERNEL_IMAGE_BYTES);
    expect(KERNEL_IMAGE_BYTES).toBe(67_108_864);
  });

  it('touches memory of the slot and no other', () => {
    everyPlan(workload, (plan, { baseIpa, memoryBytes, vcpus }) => {
      for (const step of guestSteps(plan)) {
        for (let vcpu = 0; vcpu < vcpus; vcpu++) {
          const ipas = accessesOf(step.programOf(vcpu)).map(({ ipa }) => ipa);
          if (workload.memoryOf === 'vcpu') expect(ipas.length).toBeGreaterThan(0);
          expect(ipas.reduce((least, ipa) => Math.min(least, ipa), Infinity)).toBeGreaterThanOrEqual(baseIpa);
          expect(ipas.reduce((most, ipa) => Math.max(most, ipa), 0)).toBeLessThan(baseIpa + memoryBytes);
        }
      }
    });
  });

  it('gives vCPUs of one class the same program, and those of another class another one', () => {
    everyPlan(workload, (plan, { vcpus }) => {
      for (const step of guestSteps(plan)) {
        const programs = new Map<number, string>();
        for (let vcpu = 0; vcpu < vcpus; vcpu++) {
          const accesses = accessesOf(step.programOf(vcpu));
          const program = programs.get(step.classOf(vcpu)) ?? JSON.stringify(accesses);
          expect(JSON.stringify(accesses)).toBe(program);
          // A few draws, or draws of a few pages, can be the same by chance.
          if (new Set(accesses.map(({ ipa }) => ipa)).size >= 8) programs.set(step.classOf(vcpu), program);
        }
        expect(new Set(programs.values()).size).toBe(programs.size);
      }
    });
  });

  it('repeats itself after its period: the same accesses, moved by the same distance', () => {
    everyPlan(workload, (plan) => {
      for (const step of guestSteps(plan)) {
        const { periodAccesses } = step;
        expect(Number.isInteger(periodAccesses) && periodAccesses > 0).toBe(true);
        // Draws at random repeat themselves in kind only: each access is one of its kind.
        if (periodAccesses === 1 || workload.name.startsWith(SPREAD.name)) continue;
        const accesses = accessesOf(step.programOf(0));
        expect(accesses.length % periodAccesses).toBe(0);
        const distance = (accesses[periodAccesses]?.ipa ?? 0) - (accesses[0]?.ipa ?? 0);
        const moved = accesses.map(({ ipa, write }) => ({ ipa: ipa + distance, write }));
        expect(JSON.stringify(accesses.slice(periodAccesses))).toBe(JSON.stringify(moved.slice(0, -periodAccesses)));
      }
    });
  });

  it('plans the same for the same setting, and a program anew each time that it is asked for one', () => {
    everyPlan(workload, (plan, setting) => {
      const [steps, again] = [guestSteps(plan), guestSteps(workload.plan(setting))];
      expect(again).toHaveLength(steps.length);
      for (const [index, step] of steps.entries()) {
        const program = JSON.stringify(accessesOf(step.programOf(0)));
        expect(JSON.stringify(accessesOf(step.programOf(0)))).toBe(program);
        expect(JSON.stringify(again[index] && accessesOf(again[index].programOf(0)))).toBe(program);
      }
    });
  });

  it('has the same stages for any number of vCPUs', () => {
    const stagesFor = (vcpus: number) => workload.plan({ ...SETTING, vcpus }).stages.map(({ name }) => name);
    expect(stagesFor(96)).toEqual(stagesFor(1));
  });
});
