/** With and without what makes the search fast, in a world where that is up to a hundred thousand states. */
import { describe, expect, it } from 'vitest';
import { CACHE_RULES, found, STRATEGIES } from '../test/searches.ts';
import { partialTable } from './worlds/partial-table.ts';

describe.each(CACHE_RULES)('%s', (rule) => {
  it.each(STRATEGIES)('of $name is the same without each reduction', (strategy) => {
    const usual = found(strategy, partialTable, rule, {});
    expect(usual.verdict).not.toBe('incomplete');
    for (const reductions of [{ symmetry: false, mergeQuiet: false }, { mayBeCached: false }]) {
      expect(found(strategy, partialTable, rule, reductions).verdict, JSON.stringify(reductions)).toBe(usual.verdict);
    }
  });
});
