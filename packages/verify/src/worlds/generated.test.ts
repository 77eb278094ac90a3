/** What is generated: what it spans, and that the specimens are judged there as everywhere. */
import { describe, expect, it } from 'vitest';
import { installFirstNoClean, takeDownFirst } from '../../test/specimens.ts';
import { parseWorld } from '../check-world.ts';
import { verifyWorld } from '../verify-world.ts';
import { GENERATED_WORLDS } from './generated.ts';
import { worldOf } from './index.ts';

/** The parameters in a name; `first` and `last` belong to the word before. */
function parametersOf(name: string): string[] {
  const parts = /^generated-(\w+-\w+)-([01]{4})-(\w-\w+)-(.+)-(\w+-first)-(same|other)-(hugetlb|thp)-([23])$/.exec(
    name,
  );
  return parts?.slice(1) ?? [];
}

describe('generated worlds', () => {
  it('make sense, have a name of their own, and fit the budget', () => {
    for (const world of GENERATED_WORLDS) expect(parseWorld(world)).toBe(world);
    expect(new Set(GENERATED_WORLDS.map(({ name }) => name)).size).toBe(GENERATED_WORLDS.length);
    expect(GENERATED_WORLDS.length).toBeLessThanOrEqual(49);
    expect(GENERATED_WORLDS.length).toBeGreaterThan(40);
  });

  it('say their parameters, and hold each place with each population', () => {
    const pairs = GENERATED_WORLDS.map(({ name }) => parametersOf(name).slice(0, 2).join(' '));
    expect(new Set(pairs).size).toBe(49);
    const values = [2, 3, 4, 5, 6, 7].map(
      (at) => new Set(GENERATED_WORLDS.map(({ name }) => parametersOf(name)[at])).size,
    );
    expect(values).toEqual([7, 7, 2, 2, 2, 2]);
  });

  it('hold what was in no world before: a full lower table beside a hole above it, a block under a parent table', () => {
    const found = new Set<string>();
    for (const world of GENERATED_WORLDS.filter(({ name }) => /-0110-/.test(name))) {
      const [history = 'fresh'] = world.histories;
      for (const shape of verifyWorld(takeDownFirst, world, { history, fwb: true }).coalesces) found.add(shape);
    }
    const shapes = [...found];
    expect(shapes.some((shape) => shape.startsWith('level 2 in a table below it, 4 pages; level 3: 2 of 4'))).toBe(
      true,
    );
    expect(
      shapes.some((shape) => /^level 1 in the root, 16 pages; level 2: 2 of 4 mapped, level 3: 5 of 8/.test(shape)),
    ).toBe(true);
  });

  const reads = GENERATED_WORLDS.filter(({ name }) => /-r-\w+-.*-logging-first-/.test(name));
  it.each(reads.map((world) => [world.name, world] as const))('%s finds a missing clean', (_, world) => {
    const options = { history: 'logging-first', fwb: false } as const;
    expect(verifyWorld(installFirstNoClean, world, options).rule).toBe('data-coherency');
    expect(verifyWorld(takeDownFirst, world, options).verdict).toBe('safe');
  });
});

describe('races of the stock code that are worlds of their own', () => {
  it.each([
    ['unmap-before-relax', 'logging-first', 'progress'],
    ['write-protect-from-hole', 'fresh', 'mapping'],
  ] as const)('%s breaks %3$s whatever the strategy', (name, history, rule) => {
    expect(verifyWorld(takeDownFirst, worldOf(name), { history, fwb: true })).toMatchObject({
      verdict: 'unsafe',
      rule,
    });
  });

  it('an aligned walk passes over nothing', () => {
    const options = { history: 'fresh', fwb: true, kernel: 'v5.12p1?aligned-walk=on' } as const;
    expect(verifyWorld(takeDownFirst, worldOf('write-protect-from-hole'), options).verdict).toBe('safe');
  });

  it.each([
    ['v5.12p1', undefined],
    ['v5.12', 'data-coherency'],
  ])('in %s a coalesce by a write breaks %s', (kernel, rule) => {
    const options = { history: 'logging-first', fwb: false, kernel } as const;
    expect(verifyWorld(takeDownFirst, worldOf('collapse-by-write'), options).rule).toBe(rule);
  });
});
