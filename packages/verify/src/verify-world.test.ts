/** What is found of the four strategies of the seed thread, and of some that are broken on purpose. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY, NO_TABLE } from '@s2bench/core';
import baseline from '@s2bench/strategy-baseline';
import fullPopulationCheck from '@s2bench/strategy-full-population-check';
import noCmo from '@s2bench/strategy-install-first-no-cmo';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import { describe, expect, it } from 'vitest';
import { replay } from './counterexample/counterexample.ts';
import { renderCounterexample } from './counterexample/render.ts';
import { counterexampleSchema } from './counterexample/schema.ts';
import { RULES } from './rules/index.ts';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { WORLDS } from './worlds/index.ts';

/** Explored by the benchmark only: it has tens of millions of states. */
const LARGEST = 'crowd';
const SMALL_WORLDS = WORLDS.filter(({ name }) => name !== LARGEST);

/** Where the clean that the RFC leaves out is needed: a page becomes accessible that was never cleaned. */
const UNSAFE_WITHOUT_CLEAN = [
  'beyond-slot',
  'instruction-fetch',
  'late-image',
  'partial-table',
  'partial-unmap',
  'slot-move',
  'thp-collapse',
  'three-levels',
];

function worldOf(name: string): World {
  const world = WORLDS.find((candidate) => candidate.name === name);
  if (world === undefined) throw new Error(`no world ${name}`);
  return world;
}

function verdicts(strategy: Strategy, world: World) {
  return world.histories.flatMap((history) =>
    [false, true].map((fwb) => {
      const { verdict, rule, complete } = verifyWorld(strategy, world, { history, fwb });
      return { history, fwb, verdict, rule, complete };
    }),
  );
}

describe.each([baseline, uniformCmo, fullPopulationCheck])('$name', (strategy) => {
  it.each(SMALL_WORLDS)('is safe in $name, in every history, with FWB and without', (world) => {
    for (const found of verdicts(strategy, world)) expect(found).toMatchObject({ verdict: 'safe', complete: true });
  });
});

describe(noCmo.name, () => {
  it.each(SMALL_WORLDS)('is unsafe in $name exactly where nothing else has cleaned', (world) => {
    for (const { history, fwb, verdict, rule } of verdicts(noCmo, world)) {
      const unsafe = UNSAFE_WITHOUT_CLEAN.includes(world.name) && history === 'logging-first' && !fwb;
      expect(verdict, `${history} ${fwb ? 'with' : 'without'} FWB`).toBe(unsafe ? 'unsafe' : 'safe');
      if (unsafe) expect(rule).toBe(world.name === 'instruction-fetch' ? 'instruction-coherency' : 'data-coherency');
    }
  });
});

describe('the counterexample of the RFC', () => {
  const world = worldOf('partial-table');
  const options = { history: 'logging-first', fwb: false } as const;
  const found = verifyWorld(noCmo, world, options);

  it('has at most eight steps, and ends in the guest’s terms', () => {
    expect(found.steps).toBeLessThanOrEqual(8);
    expect(found.counterexample?.conclusion).toMatch(/vCPU \d.*page \d/);
  });

  it('is a document of its schema that breaks the same rule when it is run again', () => {
    const document = counterexampleSchema.parse(JSON.parse(JSON.stringify(found.counterexample)));
    const steps = replay({ subject: { strategy: noCmo }, world, fwb: false, rules: RULES }, document);
    expect(steps.at(-1)?.broken?.rule).toBe('data-coherency');
    expect(() => replay({ subject: { strategy: baseline }, world, fwb: false, rules: RULES }, document)).toThrow('baseline');
  });

  it('is shown with a row for each step', () => {
    const text = found.counterexample === undefined ? '' : renderCounterexample(found.counterexample);
    expect(text.split('\n').length).toBeGreaterThan(found.steps ?? Infinity);
    expect(text).toContain('vCPU 0');
  });

  it('is the same each time, and is found without the reductions too', () => {
    const again = verifyWorld(noCmo, world, options);
    expect(again.counterexample).toEqual(found.counterexample);
    const reductions = { symmetry: false, mergeQuiet: false };
    expect(verifyWorld(noCmo, world, { ...options, reductions })).toMatchObject({ verdict: 'unsafe', rule: 'data-coherency' });
    expect(verifyWorld(baseline, world, { ...options, reductions })).toMatchObject({ verdict: 'safe', complete: true });
  });

  it('is seen by its rule alone: without it the strategy passes', () => {
    const rules = RULES.filter(({ name }) => name !== 'data-coherency');
    expect(verifyWorld(noCmo, world, { ...options, rules }).verdict).toBe('safe');
  });
});

describe('bounds', () => {
  it('say incomplete, never safe, where the search was stopped', () => {
    const world = worldOf('zero-page');
    const [history] = world.histories;
    if (history === undefined) throw new Error('a world without history');
    const found = verifyWorld(baseline, world, { history, fwb: false, bounds: { maxStates: 100 } });
    expect(found).toMatchObject({ verdict: 'incomplete', complete: false });
  });
});

type Visitors = Pick<Strategy, 'tablePre' | 'tablePost'>;

/** Install-first with a clean, but for what a mutation does instead. */
function mutant(name: string, visitors: Visitors): Strategy {
  return defineStrategy({ ...uniformCmo, name, summary: 'broken on purpose', source: 'this test', ...visitors });
}

const preWith = (flush: 'none' | 'by-ipa' | 'before-break'): Visitors => ({
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    if (flush === 'before-break') map.tlbiVmid();
    map.invalidate(entry);
    if (flush === 'by-ipa') map.tlbiIpa(entry);
    map.clean(entry);
    map.install(entry);
  },
});

const MUTANTS: readonly { readonly strategy: Strategy; readonly rules: readonly string[] }[] = [
  { strategy: mutant('no-tlbi', preWith('none')), rules: ['break-before-make'] },
  { strategy: mutant('by-ipa-only', preWith('by-ipa')), rules: ['break-before-make'] },
  { strategy: mutant('tlbi-before-break', preWith('before-break')), rules: ['break-before-make'] },
  {
    strategy: mutant('put-twice', {
      tablePost(entry, map) {
        if (map.anchor === entry.id) map.put(entry);
        return uniformCmo.tablePost?.(entry, map);
      },
    }),
    rules: ['accounting'],
  },
  {
    strategy: mutant('table-leaked', {
      tablePost(entry, map) {
        if (map.anchor !== entry.id) return uniformCmo.tablePost?.(entry, map);
        map.followed = NO_TABLE;
        map.anchor = NO_ENTRY;
      },
    }),
    rules: ['accounting'],
  },
];

describe('a strategy that is broken on purpose', () => {
  it.each(MUTANTS)('$strategy.name is caught by its rule', ({ strategy, rules }) => {
    const found = verifyWorld(strategy, worldOf('full-table'), { history: 'logging-first', fwb: false });
    expect(found.verdict).toBe('unsafe');
    expect(rules).toContain(found.rule);
  });
});
