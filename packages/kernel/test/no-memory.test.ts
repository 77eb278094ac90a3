/** A strategy can keep nothing on what its visitors are handed: the next map, or the next entry, would find it there. */
import { defineStrategy, type Strategy, type V6Entry } from '@s2bench/core';
import { IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { kernelModelOf, pageTableCode, stage2TableOf } from '../src/index.ts';
import { V6EntryCursor } from '../src/v6/entry-cursor.ts';
import { ENDLESS, READ_WRITE } from './fixtures.ts';

const SOURCE = 'of these tests';

/** Maps a page under a model, with a strategy whose leaf visitor keeps something. */
function mapWith(kernelName: string, keepOn: 'entry' | 'map' | 'old'): void {
  const kernel = kernelModelOf(kernelName);
  const keep = (entry: object, map: object): number => {
    const kept = { entry, map, old: (entry as Partial<V6Entry>).old ?? {} };
    Object.assign(kept[keepOn], { seen: 1 });
    return 0;
  };
  const isV6 = kernel.walker === 'v6';
  const visitors: Partial<Strategy> = isV6 ? { walkers: ['v6'], v6: { leaf: keep } } : { leaf: keep };
  const strategy = defineStrategy({ name: 'keeps', summary: 'keeps something', source: SOURCE, ...visitors });
  const table = stage2TableOf(kernel, { geometry: makeGeometry(4096, 40), fwb: true, effects: new IgnoreEffects() });
  const walk = { shared: false, fault: true, pagesOnly: false };
  pageTableCode(table, kernel, strategy).map(0, 4096, 4096, READ_WRITE, ENDLESS(), walk);
}

describe.each(['v5.12p1', 'v6.2'])('under %s', (kernel) => {
  it.each(['entry', 'map'] as const)('nothing is kept on the %s', (keepOn) => {
    expect(() => mapWith(kernel, keepOn)).toThrow(/object is not extensible/);
  });
});

it('what the walker of v6.2 has read can neither be changed nor exchanged', () => {
  expect(() => mapWith('v6.2', 'old')).toThrow(/object is not extensible/);
  const cursor = new V6EntryCursor(
    stage2TableOf(kernelModelOf('v6.2'), { geometry: makeGeometry(4096, 40), fwb: true, effects: new IgnoreEffects() }),
    { valid: true, isTable: false, isLocked: false, isCounted: true },
  );
  expect(() => Object.assign(cursor.old, { valid: false })).toThrow(TypeError);
  expect(() => Object.assign(cursor, { old: {} })).toThrow(TypeError);
  expect(cursor.old).toMatchObject({ valid: true });
});
