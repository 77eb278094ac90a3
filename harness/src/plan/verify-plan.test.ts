import type { Cell } from '@s2bench/report/schema';
import { findProfile } from '@s2bench/machine';
import { HOOK_WORLDS, RULE_NAMES, SMALL_WORLDS } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { readVerifyRequest, type VerifyFlags, type VerifyRequest } from '../options/verify-request.ts';
import type { KnownStrategy } from '../plugins/probe.ts';
import { planStrategies, questionOf, refuseTraces, tasksFor, type WorldTask } from './verify-plan.ts';

const CELL: Cell = {
  strategy: 'mine',
  vcpus: 2,
  memoryBytes: 2 ** 30,
  granuleBytes: 2 ** 30,
  pageSizeBytes: 4096,
  backing: 'hugetlb',
  history: 'logging-first',
  profile: 'kunpeng920',
  kernel: 'v5.12p1',
  workload: 'page-table-test',
  seed: 1,
};
const MACHINE = findProfile('kunpeng920');
if (MACHINE === undefined) throw new Error('kunpeng920 is not there');
const MACHINES = [MACHINE];

function known(needs?: KnownStrategy['needs']): KnownStrategy {
  const location = { spec: './mine.ts', label: 'mine', sourcePath: '/mine.ts', entryUrl: 'file:///mine.ts' };
  const parts = { strategy: 'mine' };
  const head = { name: 'mine', summary: 'a fixture', source: 'a fixture', location, parts, hasHooks: false };
  return { ...head, ...(needs && { needs }) };
}

describe('a strategy with hooks, its own or given', () => {
  const worldsOf = (tasks: readonly WorldTask[]): Set<string> => new Set(tasks.map(({ world }) => world.name));
  const hooks = HOOK_WORLDS.map(({ name }) => name);
  const plan = (flags: VerifyFlags, hasHooks: boolean): Set<string> =>
    worldsOf(planStrategies([{ ...known(), hasHooks }], readVerifyRequest(flags, '/', undefined)).tasks);

  it('is explored in the worlds of hooks besides, whatever flags named it', () => {
    expect([...plan({}, true)]).toEqual([...plan({}, false), ...hooks]);
    expect(plan({ history: 'fresh', fwb: 'on' }, true)).toContain('logging-returns');
    expect(plan({ history: 'fresh', fwb: 'on' }, true)).not.toContain('logging-stops');
    expect([...plan({ world: 'partial-table' }, true)]).toEqual(['partial-table']);
    expect(plan({ vcpus: '2' }, true)).toContain('logging-stops');
    expect(plan({ vcpus: '2' }, true)).not.toContain('logging-returns');
  });

  it('is so beside a matrix too', () => {
    expect(worldsOf(tasksFor([CELL], [{ ...known(), hasHooks: true }], MACHINES))).toContain('logging-stops');
    expect(worldsOf(tasksFor([CELL], [known()], MACHINES))).not.toContain('logging-stops');
  });
});

describe('what is explored beside a matrix', () => {
  it('is under the kernel model of each cell, each landmark once', () => {
    const cells = ['v5.11', 'v5.12p1', 'v5.18', 'v5.11'].map((kernel) => ({ ...CELL, kernel }));
    const tasks = tasksFor(cells, [known()], MACHINES);
    const landmarks = SMALL_WORLDS.filter(({ histories }) => histories.includes('logging-first'));
    const kernels = [...new Set(tasks.map(({ kernel }) => kernel))];
    expect(kernels).toEqual(['v5.11', 'v5.12p1', 'v5.18?relax-lock=exclusive']);
    for (const kernel of kernels)
      expect(tasks.filter((task) => task.kernel === kernel).map(({ world }) => world)).toEqual(landmarks);
    expect(tasks.every(({ arch }) => arch === undefined)).toBe(true);
  });

  it('is nothing where a kernel model is not explored, or no world has the history', () => {
    expect(questionOf({ ...CELL, kernel: 'v6.6' }, MACHINES)).toMatchObject({ kernel: 'v6.6' });
    const notExplored = { ...CELL, kernel: 'v6.12?map-lock=exclusive' };
    expect(questionOf(notExplored, MACHINES)).toBeUndefined();
    expect(questionOf({ ...CELL, history: 'other' }, MACHINES)).toBeUndefined();
    expect(tasksFor([notExplored], [known()], MACHINES)).toEqual([]);
  });

  it('is on the strictest hardware that has what the strategy needs', () => {
    const tasks = tasksFor([CELL], [known({ bbmLevel: 2 })], MACHINES);
    expect(new Set(tasks.map(({ arch }) => arch))).toEqual(new Set(['bbm=2']));
  });
});

describe('traces for Casemate', () => {
  it('are of sections that have the lock alone, whatever the walker', () => {
    expect(() => {
      refuseTraces(['v6.1', 'v6.4?map-lock=exclusive']);
    }).not.toThrow();
    expect(() => {
      refuseTraces(['v6.1', 'v6.12']);
    }).toThrow(/^--export-casemate: not with --kernel v6\.12: .*or add map-lock=exclusive,/);
  });
});

describe('what a release does, under several kernel models', () => {
  const [world] = SMALL_WORLDS;
  if (world === undefined) throw new Error('there is no world');
  const request = {
    settings: [{ world, history: 'logging-first', fwb: true }],
    kernels: ['v5.14', 'v6.12', 'v7.1'],
    rules: RULE_NAMES,
    bounds: {},
    hookSettings: [],
    isWhole: false,
  } as unknown as VerifyRequest;
  const releases: KnownStrategy[] = [
    { ...known(), name: 'upstream-5-14', parts: { strategy: 'upstream-5-14' } },
    { ...known(), name: 'upstream-6-2', parts: { strategy: 'upstream-6-2' }, walkers: ['v6'] },
  ];

  it('is verified under its own releases alone', () => {
    const { tasks, expectations } = planStrategies(releases, request, new Set(releases.map(({ name }) => name)));
    const own = { 'upstream-5-14': ['v5.14'], 'upstream-6-2': ['v6.12', 'v7.1'] };
    for (const [name, kernels] of Object.entries(own)) {
      expect(tasks.filter(({ subject }) => subject.name === name).map(({ kernel }) => kernel)).toEqual(kernels);
      expect(expectations.find((each) => each.name === name)?.kernels).toEqual(kernels);
    }
  });

  it('is left out where nobody named it, and cannot run', () => {
    const { tasks, expectations } = planStrategies(releases, { ...request, kernels: ['v5.14'] }, new Set(), false);
    expect(new Set(tasks.map(({ subject }) => subject.name))).toEqual(new Set(['upstream-5-14']));
    expect(expectations.map(({ name }) => name)).toEqual(['upstream-5-14']);
  });

  it('is refused where it was named, and cannot run', () => {
    expect(() => planStrategies(releases, request)).toThrow(/upstream-5-14 is written for the walker v5/);
  });
});
