/** Hardware writes back a dirty line at any moment, and lines are finer than pages. */
import { describe, expect, it } from 'vitest';
import { installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { replay } from './counterexample/counterexample.ts';
import { LENIENT, STRICTEST } from './hardware/architecture.ts';
import { RULES } from './rules/index.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { partialTable } from './worlds/partial-table.ts';

const OPTIONS = { history: 'logging-first', fwb: false } as const;

/** The block's missing page is only ever stored to. */
const storesOnly: World = {
  ...partialTable,
  name: 'stores-only',
  vcpus: [
    { caches: true, steps: ['w0', 'r1'] },
    { caches: false, steps: ['w2'] },
  ],
};

describe('a guest that only stores, past its caches, to what was never cleaned', () => {
  const found = verifyWorld(installFirstNoClean, storesOnly, OPTIONS);

  it('loses its store to the write-back of the host’s line', () => {
    expect(found).toMatchObject({ verdict: 'unsafe', rule: 'lost-guest-write' });
    expect(found.counterexample?.conclusion).toMatch(
      /^A line that the host had dirtied is written back over what the guest stored to page \d: the guest's store is gone\.$/,
    );
    const last = found.counterexample?.rows.at(-1);
    expect(last).toMatchObject({ agent: 'caches' });
    expect(last?.actions[0]).toMatch(/^a dirty line of page \d is written back$/);
  });

  it('is shown by steps that can be run again', () => {
    if (found.counterexample === undefined) throw new Error('no counterexample');
    const options = { subject: { strategy: installFirstNoClean }, world: storesOnly, fwb: false, rules: RULES };
    expect(replay(options, found.counterexample).document).toEqual(found.counterexample);
  });

  it.each([
    ['where nothing is written back by itself', { ...OPTIONS, arch: { ...STRICTEST, writeBack: false } }],
    ['with FWB', { ...OPTIONS, fwb: true }],
    ['on what was modelled at first', { ...OPTIONS, arch: LENIENT }],
  ])('keeps it %s', (_where, options) => {
    expect(verifyWorld(installFirstNoClean, storesOnly, options)).toMatchObject({ verdict: 'safe', complete: true });
  });

  it('keeps it under a strategy that cleans', () => {
    expect(verifyWorld(takeDownFirst, storesOnly, OPTIONS)).toMatchObject({ verdict: 'safe', complete: true });
  });
});

describe('one store to a page that was never cleaned', () => {
  const rules = RULES.filter(({ name }) => name === 'data-coherency');

  it.each([false, true])(
    'does not hide its other lines from a load past the caches; stored through them: %s',
    (caches) => {
      const world: World = {
        ...storesOnly,
        name: 'store-then-load',
        vcpus: [
          { caches: true, steps: ['r0', '@1', 'r0', 'r1'] },
          { caches, steps: ['@1', 'w2', '@2'] },
          { caches: false, steps: ['@2', 'r2'] },
        ],
        host: [
          { do: 'logging', on: false },
          { do: 'await', vcpu: 1, steps: 2 },
        ],
      };
      expect(verifyWorld(installFirstNoClean, world, { ...OPTIONS, rules })).toMatchObject({
        verdict: 'unsafe',
        rule: 'data-coherency',
      });
      expect(verifyWorld(takeDownFirst, world, OPTIONS).verdict).toBe('safe');
    },
  );
});
