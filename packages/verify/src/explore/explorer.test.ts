import type { Strategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { installFirstNoClean, takeDownFirst } from '../../test/specimens.ts';
import { RULES } from '../rules/index.ts';
import { partialTable } from '../worlds/partial-table.ts';
import { Expander } from './expander.ts';
import { Explorer } from './explorer.ts';
import { Model } from './model.ts';
import { beginOf } from './prelude.ts';
import { programsOf } from './programs.ts';

const BOUNDS = { maxStates: 1e6, maxSeconds: 60, maxBytes: 2 ** 30 };
const PROGRAMS = programsOf(partialTable);

function modelOf(strategy: Strategy): Model {
  return new Model({
    subject: { strategy },
    world: partialTable,
    fwb: false,
    rules: RULES,
    mergeQuiet: true,
    explicitHardware: false,
  });
}

/** The same search with states as texts in a Set, level by level: slow, and too simple to be wrong. */
function naive(model: Model): { states: number; transitions: number; violationDepth: number | undefined } {
  const seen = new Set<string>();
  let level = [beginOf(model, 'logging-first').state];
  const count = { transitions: 0, broken: 0 };
  let next: Uint32Array[] = [];
  const expander = new Expander(model, PROGRAMS, {
    reached() {
      count.transitions++;
      const text = expander.next.join();
      if (seen.has(text)) return;
      seen.add(text);
      next.push(expander.next.slice());
    },
    broken() {
      count.transitions++;
      count.broken++;
    },
  });
  for (const state of level) seen.add(state.join());
  for (let depth = 1; level.length > 0; depth++) {
    next = [];
    for (const state of level) expander.expand(state);
    if (count.broken > 0) return { states: seen.size, transitions: count.transitions, violationDepth: depth };
    level = next;
  }
  return { states: seen.size, transitions: count.transitions, violationDepth: undefined };
}

describe('the explorer', () => {
  it('comes to all states that a naive search comes to, once each', () => {
    const model = modelOf(takeDownFirst);
    const found = new Explorer(model, PROGRAMS, false).run(beginOf(model, 'logging-first').state, BOUNDS);
    const expected = naive(modelOf(takeDownFirst));
    expect(found).toMatchObject({
      states: expected.states,
      transitions: expected.transitions,
      complete: true,
      violation: undefined,
    });
  });

  it('finds a counterexample of as few steps as a naive search', () => {
    const model = modelOf(installFirstNoClean);
    const found = new Explorer(model, PROGRAMS, true).run(beginOf(model, 'logging-first').state, BOUNDS);
    expect(found.violation?.schedule).toHaveLength(naive(modelOf(installFirstNoClean)).violationDepth ?? -1);
    expect(found.depth).toBe(found.violation?.schedule.length);
  });

  it.each([
    ['states', { ...BOUNDS, maxStates: 500 }],
    ['seconds', { ...BOUNDS, maxSeconds: 0 }],
    ['memory', { ...BOUNDS, maxBytes: 1 }],
  ])('stops at its bound of %s and says so', (_name, bounds) => {
    const model = modelOf(takeDownFirst);
    const found = new Explorer(model, PROGRAMS, true).run(beginOf(model, 'logging-first').state, bounds);
    expect(found.complete).toBe(false);
    expect(found.states).toBeLessThan(600);
  });
});
