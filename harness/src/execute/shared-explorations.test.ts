import { RULE_NAMES, VERIFIED_KERNEL, worldOf } from '@s2bench/verify';
import type { ExplorationRecord } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import type { SubjectRef, WorldTask } from '../plan/verify-plan.ts';
import { SharedExplorations } from './shared-explorations.ts';

function taskOf(name: string, world: string, kind: 'strategy' | 'animal' = 'strategy'): WorldTask {
  const subject: SubjectRef = kind === 'strategy' ? { kind, name, url: `file:///${name}.js` } : { kind, name };
  const setting = { history: 'logging-first', fwb: false, kernel: VERIFIED_KERNEL, rules: RULE_NAMES } as const;
  return { subject, world: worldOf(world), ...setting, bounds: {}, everyRule: true };
}

const exploration = { violation: undefined, states: 1, transitions: 0, depth: 0, complete: true };
const record: ExplorationRecord = {
  rules: [],
  hooks: [],
  sections: [],
  exploration: { ...exploration, bytes: 0, bytesPerState: 0, elapsedMs: 0 },
  coalesces: [],
};

describe('SharedExplorations', () => {
  it('hands what one strategy has explored to those that are asked the same', () => {
    const [first, second, elsewhere] = [taskOf('a', 'unaligned'), taskOf('b', 'unaligned'), taskOf('b', 'full-table')];
    const shared = new SharedExplorations([first, second, elsewhere]);
    expect(shared.begin(first)).toEqual({ ...first, known: [], keepsRecords: true });
    expect([second, elsewhere].map((task) => shared.isBeingAsked(task))).toEqual([true, false]);
    shared.end(first, [record]);
    expect(shared.isBeingAsked(second)).toBe(false);
    // Nobody comes after it.
    expect(shared.begin(second)).toEqual({ ...second, known: [record], keepsRecords: false });
    expect(shared.begin(elsewhere)).toBe(elsewhere);
  });

  it('has nothing of an animal of the zoo, which is more than a strategy', () => {
    const animals = [taskOf('a', 'unaligned', 'animal'), taskOf('b', 'unaligned', 'animal')];
    const shared = new SharedExplorations(animals);
    expect(animals.map((task) => shared.begin(task))).toEqual(animals);
  });
});
