/** Translations that may be cached, as a set and one by one, in a world where that is a hundred thousand states. */
import { describe, expect, it } from 'vitest';
import { CACHE_RULES, found, STRATEGIES } from '../test/searches.ts';
import { partialTable } from './worlds/partial-table.ts';

describe.each(CACHE_RULES)('%s', (rule) => {
  it.each(STRATEGIES)('of $name is the same with every cached translation on its own', (strategy) => {
    const usual = found(strategy, partialTable, rule, {});
    expect(usual.verdict).not.toBe('incomplete');
    expect(found(strategy, partialTable, rule, { mayBeCached: false }).verdict).toBe(usual.verdict);
  });
});
