import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../cli/errors.ts';
import { expandStrategy, joinStrategies, parseStrategy, splitStrategies } from './strategy-text.ts';

const read = (text: string) => splitStrategies(text).flatMap((one) => expandStrategy(one, '--strategy'));

describe('splitStrategies', () => {
  it.each<[string, string[]]>([
    ['baseline', ['baseline']],
    ['baseline, ./mine.ts', ['baseline', './mine.ts']],
    ['baseline,mine?threshold=16,64', ['baseline', 'mine?threshold=16,64']],
    ['mine?threshold=16,64,other?order=first', ['mine?threshold=16,64', 'other?order=first']],
    ['mine?threshold=16,baseline?', ['mine?threshold=16', 'baseline?']],
    ['a,,b', ['a', '', 'b']],
  ])('%s', (text, parts) => {
    expect(splitStrategies(text)).toEqual(parts);
  });
});

describe('expandStrategy', () => {
  it.each<[string, string[]]>([
    ['mine', ['mine']],
    ['mine?', ['mine']],
    ['./mine.ts?threshold=16,64,16', ['./mine.ts?threshold=16', './mine.ts?threshold=64']],
    ['m?a=1,2&b=x,y', ['m?a=1&b=x', 'm?a=1&b=y', 'm?a=2&b=x', 'm?a=2&b=y']],
    ['m?a=x=y', ['m?a=x=y']],
  ])('%s', (text, expanded) => {
    expect(expandStrategy(text, '--strategy')).toEqual(expanded);
  });

  it.each<[string, string]>([
    ['mine?threshold', '--strategy mine?threshold: option "threshold" has no value; write NAME=VALUE, joined by &'],
    ['mine?=3', 'option "=3" has no value'],
    ['mine?threshold=', 'option threshold has an empty value'],
    ['mine?threshold=1,,2', 'option threshold has an empty value; write threshold=VALUE or threshold=A,B'],
    ['mine?a=1&a=2', 'option a stands there twice; write a=A,B for two values'],
  ])('refuses %s', (text, message) => {
    expect(() => expandStrategy(text, '--strategy')).toThrow(UsageError);
    expect(() => expandStrategy(text, '--strategy')).toThrow(message);
  });
});

describe('parseStrategy', () => {
  it('reads one strategy, and refuses more', () => {
    expect(parseStrategy('mine?a=1&b=x', '--strategy')).toEqual({
      base: 'mine',
      options: [
        ['a', '1'],
        ['b', 'x'],
      ],
    });
    expect(() => parseStrategy('mine?a=1,2', '--strategy')).toThrow(
      '--strategy mine?a=1,2: 2 strategies, where one is wanted; choose a a',
    );
  });
});

describe('joinStrategies', () => {
  it('writes lists of values as lists, and another flag where a strategy would be taken for a value', () => {
    expect(joinStrategies(['baseline', 'mine?a=1', 'mine?a=2', 'other?b=1'])).toEqual([
      'baseline,mine?a=1,2,other?b=1',
    ]);
    expect(joinStrategies(['mine?a=1', 'baseline'])).toEqual(['mine?a=1', 'baseline']);
  });

  it('is read back as what it was', () => {
    const name = fc.constantFrom('a', 'b', './c.ts');
    const option = fc.tuple(fc.constantFrom('x', 'yy'), fc.constantFrom('1', 'two', '3=4'));
    const strategy = fc
      .tuple(name, fc.uniqueArray(option, { maxLength: 2, selector: ([key]) => key }))
      .map(([base, options]) =>
        options.length === 0 ? base : `${base}?${options.map((pair) => pair.join('=')).join('&')}`,
      );
    fc.assert(
      fc.property(fc.uniqueArray(strategy, { minLength: 1, maxLength: 6 }), (texts) => {
        expect(joinStrategies(texts).flatMap(read)).toEqual(texts);
      }),
    );
  });
});
