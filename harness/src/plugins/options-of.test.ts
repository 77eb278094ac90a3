import { type ConfigurableStrategy, defineStrategy, type MapOperation, type Stage2Entry, z } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { PluginError } from '../cli/errors.ts';
import { configure, describeOptions } from './options-of.ts';

const about = { name: 'mine', summary: 'a fixture', source: 'a fixture' };

/** What its visitors were made of. */
let seen: unknown;
const mine = defineStrategy({
  ...about,
  options: z.object({
    threshold: z.number().int().min(1).default(64),
    share: z.coerce.number().min(0).max(1).default(0.5),
    eager: z.boolean().default(false),
    switched: z.stringbool().default(false),
    order: z.enum(['first', 'last']).default('first').describe('which goes first'),
    label: z
      .string()
      .regex(/^[a-z0-9]+$/, 'must be letters')
      .default('x'),
  }),
  visitors: (values) => ({
    tablePre: () => {
      seen = values;
    },
  }),
});

function valuesOf(...texts: [string, string][]): unknown {
  void configure(mine, texts).tablePre?.({} as Stage2Entry, {} as MapOperation);
  return seen;
}

describe('configure', () => {
  it('reads numbers, truth values and words as the schema wants them', () => {
    expect(
      valuesOf(
        ['threshold', '16'],
        ['share', '0.25'],
        ['eager', 'true'],
        ['switched', 'false'],
        ['order', 'last'],
        ['label', '7'],
      ),
    ).toEqual({
      threshold: 16,
      share: 0.25,
      eager: true,
      switched: false,
      order: 'last',
      label: '7',
    });
    expect(valuesOf()).toMatchObject({ threshold: 64, order: 'first' });
  });

  it('names the strategy by what was given', () => {
    expect(
      configure(mine, [
        ['order', 'last'],
        ['threshold', '16'],
      ]).name,
    ).toBe('mine?threshold=16&order=last');
    expect(configure(defineStrategy(about), []).name).toBe('mine');
  });

  it.each<[[string, string], string]>([
    [['threshold', '0'], 'option threshold=0: must be a whole number of at least 1; left out it is 64'],
    [['threshold', '1.5'], 'option threshold=1.5: must be a whole number of at least 1; left out it is 64'],
    [
      ['threshold', 'many'],
      'option threshold=many: must be a whole number of at least 1; left out it is 64; a strategy after options needs',
    ],
    [['share', '2'], 'option share=2: must be a number from 0 to 1; left out it is 0.5'],
    [['eager', '1'], 'option eager=1: must be true or false; left out it is false'],
    [['order', 'fisrt'], 'option order=fisrt: must be first or last; did you mean first?; left out it is first'],
    [['label', 'A-B'], 'option label=A-B: must be letters; left out it is x'],
    [
      ['treshold', '1'],
      'option treshold: unknown option of mine; did you mean threshold? Known: threshold, share, eager',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => configure(mine, [text])).toThrow(PluginError);
    expect(() => configure(mine, [text])).toThrow(message);
  });

  it('refuses options of a strategy that has none, values that are wrong together, and visitors that cannot be made', () => {
    expect(() => configure(defineStrategy(about), [['a', '1']])).toThrow('option a: strategy mine has no options');
    const options = z
      .object({ low: z.number().default(0), high: z.number().default(9) })
      .refine(({ low, high }) => low < high, 'low must be below high');
    const pair: ConfigurableStrategy = defineStrategy({ ...about, options, visitors: () => ({}) });
    expect(() => configure(pair, [['low', '10']])).toThrow('options: low must be below high');
    const throwing = {
      ...pair,
      visitors: () => {
        throw new Error('not today\nmore');
      },
    };
    expect(() => configure(throwing, [['low', '1']])).toThrow('visitors: not today');
  });
});

describe('describeOptions', () => {
  it('says what each may be', () => {
    expect(describeOptions(mine)).toMatchObject({
      threshold: 'a whole number of at least 1; left out it is 64',
      eager: 'true or false; left out it is false',
      order: 'first or last; left out it is first: which goes first',
      label: 'a text; left out it is x',
    });
  });
});
