import { describe, expect, it } from 'vitest';
import { expectationOf, judgeStrategy, unknownRules } from './judgement.ts';
import { RULE_NAMES } from './rules/rule.ts';

const unsafe = (rule: (typeof RULE_NAMES)[number]) => ({ verdict: 'unsafe' as const, rule });
const breaking = (...expects: readonly string[]) => expectationOf({ name: 'one', expects });

describe('what a strategy declares', () => {
  it('is broken rules, or that it is safe, or nothing', () => {
    expect(breaking('mapping')).toEqual({ name: 'one', breaks: ['mapping'], isDeclared: true });
    expect(expectationOf({ name: 'one', expects: 'safe' })).toEqual({ name: 'one', breaks: [], isDeclared: true });
    expect(expectationOf({ name: 'one' })).toEqual({ name: 'one', breaks: [], isDeclared: false });
  });

  it('may be rules that there are not', () => {
    expect(unknownRules({ expects: ['mapping', 'mappings'] })).toEqual(['mappings']);
    expect(unknownRules({ expects: 'safe' })).toEqual([]);
  });
});

describe('a judgement', () => {
  it('tells what is broken as declared from what is not', () => {
    const results = [unsafe('progress'), { verdict: 'safe' as const }, unsafe('mapping'), unsafe('mapping')];
    expect(judgeStrategy(breaking('mapping'), results, RULE_NAMES)).toMatchObject({
      broken: ['mapping', 'progress'],
      unexpected: ['progress'],
      missing: [],
      isComplete: true,
    });
  });

  it('misses what is declared and kept, where it could have shown and everything was explored', () => {
    const kept = [{ verdict: 'safe' as const }];
    expect(judgeStrategy(breaking('mapping'), kept, RULE_NAMES).missing).toEqual(['mapping']);
    expect(judgeStrategy(breaking('mapping'), kept, ['progress']).missing).toEqual([]);
    const bounded = judgeStrategy(breaking('mapping'), [...kept, { verdict: 'incomplete' }], RULE_NAMES);
    expect(bounded).toMatchObject({ missing: [], isComplete: false });
  });
});
