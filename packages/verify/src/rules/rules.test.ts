import { describe, expect, it } from 'vitest';
import { checkTrace } from './check-trace.ts';
import { RULES } from './index.ts';
import { mapping } from './mapping.ts';
import { RULE_NAMES } from './rule.ts';
import type { Trace } from './trace.ts';

describe('the rule mapping', () => {
  const page = { level: 3, read: true, write: false, execute: false, plain: true };
  const returned = (pa: number, hostPa: number | undefined): Trace => {
    const standing = [{ ...page, pa }];
    const host = [hostPa === undefined ? undefined : { pa: hostPa, writable: true }];
    return {
      begin: 'table',
      steps: [{ do: 'return', end: { operation: { do: 'notifier-end' }, host, before: standing, after: standing } }],
    };
  };

  it('wants every page to lead to what the host has when an invalidation ends', () => {
    expect(checkTrace(returned(0x1000, 0x1000))).toBeUndefined();
    expect(checkTrace(returned(0x1000, 0x2000))).toMatchObject({ rule: 'mapping' });
    expect(checkTrace(returned(0x1000, undefined))).toMatchObject({ rule: 'mapping' });
  });

  it('takes a map that went back early for what it is: pages that it did not reach are as they were', () => {
    const step = mapping.accepted.steps[0];
    if (step?.do !== 'return' || step.end?.fault === undefined) throw new Error('no fault in the good trace');
    const { end } = step;
    const fault = { ...step.end.fault, mapBytes: 2 * step.end.fault.mapBytes };
    const withOutcome = (outcome: 'mapped' | 'partly-mapped', after = end.after ?? []): Trace => ({
      ...mapping.accepted,
      steps: [{ ...step, end: { ...end, after, fault: { ...fault, outcome } } }],
    });
    expect(checkTrace(withOutcome('partly-mapped'))).toBeUndefined();
    expect(checkTrace(withOutcome('mapped'))).toMatchObject({ rule: 'mapping' });
    const unasked = end.after?.map((leaf) => leaf && { ...leaf, write: true });
    expect(checkTrace(withOutcome('partly-mapped', unasked))).toMatchObject({ rule: 'mapping' });
    const wrong = mapping.rejected.steps[0];
    expect(wrong?.do).toBe('return');
    expect(checkTrace(withOutcome('partly-mapped', wrong?.do === 'return' ? wrong.end?.after : []))).toMatchObject({
      rule: 'mapping',
    });
  });
});

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
      expect(
        checkTrace(
          rule.rejected,
          RULES.filter((other) => other !== rule),
        ),
      ).toBeUndefined();
    });
  });
});
