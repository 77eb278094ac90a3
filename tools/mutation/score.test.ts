import { describe, expect, it } from 'vitest';
import type { Mutant, Status } from './mutants.ts';
import { interval95, percentDead, scoreOf, scoreRow } from './score.ts';

const mutants = (counts: Partial<Record<Status, number>>): Mutant[] =>
  Object.entries(counts).flatMap(([status, count]) =>
    Array.from({ length: count }, (): Mutant => {
      const names = { file: 'a.ts', within: 'a', mutator: 'M', from: '1', to: '2', line: 1 };
      return { ...names, status: status as Status };
    }),
  );

describe('a score', () => {
  it('is of those that were run, and takes what nobody runs for alive', () => {
    const score = scoreOf(mutants({ Killed: 5, Timeout: 1, Survived: 1, NoCoverage: 1, Ignored: 9, NotRun: 9 }));
    expect(score).toEqual({ mutants: 26, dead: 6, late: 1, alive: 2, ignored: 9, notRun: 9 });
    expect(percentDead(score)).toBe(75);
  });

  it('has the interval that tables give for Wilson’s', () => {
    const [low, high] = interval95(scoreOf(mutants({ Killed: 8, Survived: 2 })));
    expect(low).toBeCloseTo(49.0, 1);
    expect(high).toBeCloseTo(94.3, 1);
  });

  it('is a row, with an interval where it is that of a large sample alone', () => {
    expect(scoreRow('all', scoreOf(mutants({ Killed: 90, Survived: 10 })))).toBe('| all | 100 | 100 | 90.0 % | 10 |');
    expect(scoreRow('some', scoreOf(mutants({ Killed: 90, Survived: 10, NotRun: 100 })))).toBe(
      '| some | 200 | 100 | 90.0 % (82.6 to 94.5) | 10 |',
    );
    expect(scoreRow('few', scoreOf(mutants({ Killed: 9, Survived: 1, NotRun: 1 })))).toBe(
      '| few | 11 | 10 | 90.0 % | 1 |',
    );
    expect(scoreRow('none', scoreOf(mutants({ NotRun: 1 })))).toBe('| none | 1 | 0 | – | 0 |');
  });
});
