import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { playWorld } from './play-world.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { partialTable } from './worlds/partial-table.ts';

/** A page is mapped while the slot is logged; then it is not, and the next fault makes a block. */
const coalesce: World = {
  ...partialTable,
  name: 'one-coalesce',
  histories: ['logging-first'],
  vcpus: [{ caches: false, steps: ['w0', '@1', 'r1'] }],
  host: [{ do: 'logging', on: false }],
};
const IN = { history: 'logging-first', fwb: false } as const;

describe('a world that is played in one order', () => {
  it.each([
    ['no flush but by IPA', installFirstByIpa, 'break-before-make'],
    ['no clean', installFirstNoClean, 'data-coherency'],
  ] as const)('breaks the rule that the exploration of it breaks: %s', (_, strategy, rule) => {
    const found = playWorld(strategy, coalesce, IN);
    expect(found?.rule).toBe(rule);
    expect(verifyWorld(strategy, coalesce, IN).rule).toBe(rule);
    expect(found?.counterexample()).toMatchObject({ world: 'one-coalesce', rule, inHistory: false });
  });

  it('breaks none where nothing is wrong, and ends', () => {
    expect(playWorld(takeDownFirst, coalesce, IN)).toBeUndefined();
  });

  it('is held against the rules that are given', () => {
    expect(playWorld(installFirstByIpa, coalesce, { ...IN, rules: [] })).toBeUndefined();
  });
});
