import { defineStrategy, type MapOperation, type Stage2Entry } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { guardStrategy, StrategyFault } from './visitors.ts';

const entry = {} as Stage2Entry;
const map = {} as MapOperation;
const about = { name: 'mine', summary: 'a fixture', source: 'a fixture' };

describe('guardStrategy', () => {
  it('names the strategy and the visitor in what a visitor throws', () => {
    const cause = new Error('no such entry\nmore');
    const guarded = guardStrategy(
      defineStrategy({
        ...about,
        tablePost: () => {
          throw cause;
        },
      }),
    );
    const visit = (): unknown => guarded.tablePost?.(entry, map);
    expect(visit).toThrow(StrategyFault);
    expect(visit).toThrow(
      expect.objectContaining({ message: 'strategy mine threw in tablePost: no such entry', cause }),
    );
  });

  it('passes results on, and leaves a visitor out that is left out', () => {
    const guarded = guardStrategy(defineStrategy({ ...about, leaf: () => -12 }));
    expect(guarded.leaf?.(entry, map)).toBe(-12);
    expect(Object.keys(guarded)).not.toContain('tablePre');
    expect(guarded.name).toBe('mine');
  });
});
