/** What a verification says: a verdict, a counterexample that can be read and run again, a bound that was met. */
import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { replay } from './counterexample/counterexample.ts';
import { renderCounterexample } from './counterexample/render.ts';
import { counterexampleSchema } from './counterexample/schema.ts';
import { RULES } from './rules/index.ts';
import type { Subject } from './subject.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds/index.ts';

function worldOf(name: string): World {
  const world = WORLDS.find((candidate) => candidate.name === name);
  if (world === undefined) throw new Error(`no world ${name}`);
  return world;
}

describe('a verdict', () => {
  const fullTable = worldOf('full-table');

  it.each([false, true])('is safe where nothing is broken, with FWB: %s', (fwb) => {
    const found = verifyWorld(takeDownFirst, fullTable, { history: 'logging-first', fwb });
    expect(found).toMatchObject({ verdict: 'safe', complete: true });
    expect(found).not.toHaveProperty('rule');
  });

  it('is unsafe, with the rule, where a TLBI covers too little', () => {
    const found = verifyWorld(installFirstByIpa, fullTable, { history: 'logging-first', fwb: false });
    expect(found).toMatchObject({ verdict: 'unsafe', rule: 'break-before-make', complete: false });
  });

  it('is not given for a history that the world does not have', () => {
    expect(() => verifyWorld(takeDownFirst, fullTable, { history: 'fresh', fwb: false })).toThrow("no history 'fresh'");
  });
});

describe('what is verified', () => {
  it('has no part that would be left out, so that what is stock were called safe', () => {
    const subject = { strategy: takeDownFirst, machine: () => undefined };
    expect(() => verifyWorld(subject, worldOf('full-table'), { history: 'logging-first', fwb: false })).toThrow(
      /^take-down-first: a subject has no machine; it has strategy, below, phases, and phases replace what the kernel does$/,
    );
  });
});

describe('a lock that is not given back', () => {
  it('breaks progress: in the end nobody can go on', () => {
    const subject: Subject = {
      strategy: takeDownFirst,
      phases: () => ({
        fault: {
          map: (fault, stock) => {
            fault.keepsLock = true;
            return stock(fault);
          },
        },
      }),
    };
    const found = verifyWorld(subject, worldOf('full-table'), { history: 'logging-first', fwb: false });
    expect(found).toMatchObject({ verdict: 'unsafe', rule: 'progress' });
    expect(found.counterexample === undefined ? '' : renderCounterexample(found.counterexample)).toContain(
      'mmu_lock stays taken',
    );
  });
});

describe('the counterexample of a missing clean', () => {
  const world = worldOf('partial-table');
  const options = { history: 'logging-first', fwb: false } as const;
  const found = verifyWorld(installFirstNoClean, world, options);

  it('has at most eight steps, and ends in the guest’s terms', () => {
    expect(found.steps).toBeLessThanOrEqual(8);
    expect(found.counterexample?.conclusion).toMatch(/vCPU \d.*page \d/);
  });

  it('is a document of its schema that breaks the same rule when it is run again', () => {
    const document = counterexampleSchema.parse(JSON.parse(JSON.stringify(found.counterexample)));
    const again = replay({ subject: { strategy: installFirstNoClean }, world, fwb: false, rules: RULES }, document);
    expect(again.steps.at(-1)?.broken?.rule).toBe('data-coherency');
    expect(again.document).toEqual(document);
    expect(() => replay({ subject: { strategy: takeDownFirst }, world, fwb: false, rules: RULES }, document)).toThrow(
      'take-down-first',
    );
  });

  it('is shown with a row for each step', () => {
    const text = found.counterexample === undefined ? '' : renderCounterexample(found.counterexample);
    expect(text.split('\n').length).toBeGreaterThan(found.steps ?? Infinity);
    expect(text).toContain('vCPU 0');
  });

  it.each([80, 100, 120])('fits a terminal of %d columns', (columns) => {
    const text = found.counterexample === undefined ? '' : renderCounterexample(found.counterexample, { columns });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    // The pages that were never cleaned stand beside the steps that make them reachable.
    expect(text).toMatch(/^3 │.*│ 1-3$/m);
  });

  it('is the same each time, and is found without the reductions too', () => {
    const again = verifyWorld(installFirstNoClean, world, options);
    expect(again.counterexample).toEqual(found.counterexample);
    const reductions = { symmetry: false, mergeQuiet: false };
    expect(verifyWorld(installFirstNoClean, world, { ...options, reductions })).toMatchObject({
      verdict: 'unsafe',
      rule: 'data-coherency',
    });
    expect(verifyWorld(takeDownFirst, world, { ...options, reductions })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });

  it('is seen by the rules of what is not clean alone: without them the strategy passes', () => {
    const rules = RULES.filter(({ name }) => name !== 'data-coherency' && name !== 'lost-guest-write');
    expect(verifyWorld(installFirstNoClean, world, { ...options, rules }).verdict).toBe('safe');
  });
});

describe('bounds', () => {
  it('say incomplete, never safe, where the search was stopped', () => {
    const world = worldOf('zero-page');
    const [history] = world.histories;
    if (history === undefined) throw new Error('a world without history');
    const found = verifyWorld(takeDownFirst, world, { history, fwb: false, bounds: { maxStates: 100 } });
    expect(found).toMatchObject({ verdict: 'incomplete', complete: false });
  });
});
