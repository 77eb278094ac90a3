import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passes } from './change.ts';
import { METRICS } from './metrics.ts';
import { ThresholdError, formatThreshold, parseThreshold } from './threshold.ts';
import type { MetricThreshold, Threshold } from './threshold.ts';

const metricThreshold = fc
  .record({
    stage: fc.option(fc.constantFrom('ADJUST', 'LOG_ON', 'CLEAR2'), { nil: undefined }),
    metric: fc.constantFrom(...METRICS),
    operator: fc.constantFrom('>', '<'),
    limitKind: fc.constantFrom('percent', 'change', 'value'),
    limit: fc.double({ noNaN: true, min: -1e30, max: 1e30 }),
  })
  .map(({ limit, ...rest }) => ({
    kind: 'metric' as const,
    ...rest,
    limit: rest.limitKind === 'value' ? Math.abs(limit) : limit,
  }));
const threshold: fc.Arbitrary<Threshold> = fc.oneof(
  metricThreshold,
  fc.constantFrom({ kind: 'verdict' as const }, { kind: 'missing' as const }),
);

function limitOf(text: string): Pick<MetricThreshold, 'limitKind' | 'limit'> {
  const read = parseThreshold(text);
  if (read.kind !== 'metric') throw new Error('no metric');
  return { limitKind: read.limitKind, limit: read.limit };
}

describe('thresholds', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(threshold, (value) => {
        expect(parseThreshold(formatThreshold(value))).toEqual(value);
      }),
    );
  });

  it('are read, or refused in one line', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'ADJUST',
        'timeNs',
        '.',
        '>',
        '<',
        '>=',
        '+',
        '-',
        '5',
        '%',
        'ms',
        'verdict',
        ' ',
        '*',
        '1e',
        '\n',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          expect(
            parseThreshold(parseThreshold(parts.join('')).kind === 'metric' ? parts.join('') : 'verdict'),
          ).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(ThresholdError);
        }
      }),
    );
  });

  it.each([
    ['ADJUST.timeNs>+5%', 'percent', 5],
    ['ADJUST.timeNs > 5%', 'percent', 5],
    ['ADJUST.timeNs<-5%', 'percent', -5],
    ['ADJUST.timeNs>+2ms', 'change', 2e6],
    ['ADJUST.timeNs>+2.5us', 'change', 2500],
    ['ADJUST.timeNs<-1', 'change', -1],
    ['ADJUST.invalidWindow.longestNs>1ms', 'value', 1e6],
    ['*.staleReads>0', 'value', 0],
    ['UPDATE.cleanedBytes>+1G', 'change', 2 ** 30],
    ['ADJUST.stallNs.p99>1s', 'value', 1e9],
  ])('%s is held against the %s', (text, limitKind, limit) => {
    expect(limitOf(text)).toEqual({ limitKind, limit });
  });

  it.each([
    ['', /^must be a metric and a limit/],
    ['verdikt', /^must be a metric and a limit/],
    ['ADJUST.timeNs', /^must be a metric and a limit/],
    ['ADJUST.timNs>+5%', /^unknown metric ADJUST\.timNs$/],
    ['timeNs>+5%', /^unknown metric timeNs$/],
    ['>+5%', /^unknown metric ""$/],
    ['ADJUST.timeNs>=5%', /^>=: must be > or </],
    ['ADJUST.timeNs>', /^no limit; /],
    ['ADJUST.timeNs>+5 %%', /^\+5 %%: unknown unit %%/],
    ['ADJUST.timeNs>five', /^five: not a limit; /],
    ['ADJUST.timeNs>+5min', /^\+5min: unknown unit min; must be one of %, ns, us, µs, ms, s$/],
    ['ADJUST.staleReads>5ms', /^5ms: unknown unit ms; a count has none, or %$/],
    ['ADJUST.timeNs>1e999', /^1e999: too large$/],
  ])('%j is refused', (text, message) => {
    expect(() => parseThreshold(text)).toThrow(message);
  });

  it('pass where a value is beyond them and not where it is at them', () => {
    const at = (text: string, from: number, to: number): boolean =>
      passes({ from, to }, parseThreshold(text) as MetricThreshold);
    expect(at('ADJUST.timeNs>+5%', 100, 105)).toBe(false);
    expect(at('ADJUST.timeNs>+5%', 100, 106)).toBe(true);
    expect(at('ADJUST.timeNs<-5%', 100, 94)).toBe(true);
    expect(at('ADJUST.timeNs<-5%', 100, 106)).toBe(false);
    // What must gain 5 % and does not.
    expect(at('ADJUST.timeNs>-5%', 100, 98)).toBe(true);
    expect(at('ADJUST.timeNs>+5%', 0, 1)).toBe(true);
    expect(at('ADJUST.timeNs>+5%', 0, 0)).toBe(false);
    expect(at('ADJUST.timeNs>+2ns', 1, 3)).toBe(false);
    expect(at('ADJUST.timeNs>+2ns', 1, 4)).toBe(true);
    expect(at('*.staleReads>0', 7, 7)).toBe(true);
    expect(at('*.staleReads>0', 7, 0)).toBe(false);
  });
});
