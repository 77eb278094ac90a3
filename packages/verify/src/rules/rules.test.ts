import { describe, expect, it } from 'vitest';
import { checkTrace } from './check-trace.ts';
import { RULES } from './index.ts';
import { RULE_NAMES } from './rule.ts';

describe('rules', () => {
  it('are all in the list, in the order of their names', () => {
    expect(RULES.map(({ name }) => name)).toEqual(RULE_NAMES);
  });

  describe.each(RULES)('$name', (rule) => {
    it('has one sentence and a source', () => {
      expect(rule.sentence).toMatch(/^[A-Z].*\.$/);
      expect(rule.sentence).not.toMatch(/\. [A-Z]/);
      expect(rule.source).not.toBe('');
    });

    it('accepts its good trace, as all other rules do', () => {
      expect(checkTrace(rule.accepted)).toBeUndefined();
    });

    it('rejects its bad trace', () => {
      expect(checkTrace(rule.rejected, [rule])?.rule).toBe(rule.name);
    });

    it('is the only one that rejects its bad trace', () => {
      expect(checkTrace(rule.rejected, RULES.filter((other) => other !== rule))).toBeUndefined();
    });
  });
});
