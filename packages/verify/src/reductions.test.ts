/** Nothing hangs on what makes the search fast: without it the verdicts are the same. */
import { describe, expect, it } from 'vitest';
import { byRange, CACHE_RULES, found, STRATEGIES, twins } from '../test/searches.ts';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { replay } from './counterexample/counterexample.ts';
import { RULES } from './rules/index.ts';
import { partialTable } from './worlds/partial-table.ts';

describe.each(CACHE_RULES)('%s', (rule) => {
  describe.each(STRATEGIES)('of $name', (strategy) => {
    // In partialTable it is a hundred thousand states: reductions.exhaustive.test.ts.
    it('in twins is the same without each reduction', () => {
      const usual = found(strategy, twins, rule, {});
      expect(usual.verdict).not.toBe('incomplete');
      for (const reductions of [{ symmetry: false, mergeQuiet: false }, { mayBeCached: false }]) {
        expect(found(strategy, twins, rule, reductions).verdict, JSON.stringify(reductions)).toBe(usual.verdict);
      }
    });
  });
});

describe('several TLBIs before one barrier', () => {
  it.each(['break-before-make', 'walker-safety', 'stale-translation'])(
    'keep the rule %s, as a set and CPU by CPU',
    (rule) => {
      expect(found(byRange, twins, rule, {}).verdict).toBe('safe');
      expect(found(byRange, twins, rule, { mayBeCached: false }).verdict).toBe('safe');
    },
  );
});

describe('reductions', () => {
  it('leave fewer states, and never make a counterexample longer', () => {
    const usual = found(installFirstNoClean, partialTable, 'data-coherency', {});
    const every = found(installFirstNoClean, partialTable, 'data-coherency', { mayBeCached: false });
    expect(every.states).toBeGreaterThan(usual.states);
    expect(every.depth).toBeGreaterThanOrEqual(usual.depth);
  });

  it('halve the states of two like vCPUs', () => {
    const usual = found(takeDownFirst, twins, 'mapping', {});
    const without = found(takeDownFirst, twins, 'mapping', { symmetry: false });
    expect(usual.states).toBeLessThan(0.7 * without.states);
  });

  it('do not keep a counterexample from being run again', () => {
    const { counterexample } = found(installFirstByIpa, partialTable, 'break-before-make', { mayBeCached: false });
    if (counterexample === undefined) throw new Error('no counterexample');
    const rules = RULES.filter(({ name }) => name === 'break-before-make');
    const { steps } = replay(
      { subject: { strategy: installFirstByIpa }, world: partialTable, fwb: false, rules },
      counterexample,
    );
    expect(steps.at(-1)?.broken?.rule).toBe('break-before-make');
  });
});
