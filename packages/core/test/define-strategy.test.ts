import { describe, expect, it } from 'vitest';
import { defineStrategy, isConfigurable, withOptions, z } from '../src/define-strategy.ts';
import { CONTRACT_VERSION, type MapOperation, type Stage2Entry } from '../src/strategy.ts';

const about = { name: 'mine', summary: 'a fixture', source: 'a fixture' };
const entry = {} as Stage2Entry;
const map = {} as MapOperation;

/** Its leaf visitor tells which threshold it was made for. */
const telling = defineStrategy({
  ...about,
  options: z.object({
    threshold: z.number().int().min(1).default(64),
    order: z.enum(['first', 'last']).default('first'),
  }),
  visitors: ({ threshold }) => ({ leaf: () => threshold }),
});

describe('defineStrategy', () => {
  it('fills in the version of the contract, unless one is stated', () => {
    expect(defineStrategy(about).contractVersion).toBe(CONTRACT_VERSION);
    expect(defineStrategy({ ...about, contractVersion: 7 }).contractVersion).toBe(7);
  });

  it('makes a strategy with options runnable as it stands, by their defaults', () => {
    expect(isConfigurable(telling)).toBe(true);
    expect(isConfigurable(defineStrategy(about))).toBe(false);
    expect(telling.leaf?.(entry, map)).toBe(64);
  });

  it('refuses an option without default', () => {
    const options = z.object({ threshold: z.number() }) as unknown as typeof telling.options;
    expect(() => defineStrategy({ ...about, options, visitors: () => ({}) })).toThrow(
      'strategy mine: option threshold needs a default',
    );
  });
});

describe('withOptions', () => {
  it('makes the visitors of the values, and names those that were given in the order of the schema', () => {
    const made = withOptions(telling, { order: 'last', threshold: 16 });
    expect(made.leaf?.(entry, map)).toBe(16);
    expect(made).toMatchObject({ ...about, name: 'mine?threshold=16&order=last', contractVersion: CONTRACT_VERSION });
    expect(isConfigurable(made)).toBe(false);
    expect(withOptions(telling, {}).name).toBe('mine');
  });

  it('refuses what the schema refuses', () => {
    expect(() => withOptions(telling, { threshold: 0 })).toThrow(z.ZodError);
  });
});
