import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../../test/specimens.ts';
import { verifyWorld } from '../verify-world.ts';
import { partialTable } from '../worlds/partial-table.ts';
import { withoutClocks } from './clocks.ts';

const refuse = (asked: string): never => {
  throw new Error(`asks for ${asked}`);
};

describe('without clocks', () => {
  it.each<[string, () => unknown]>([
    ['now()', () => Date.now()],
    ['now()', () => performance.now()],
    ['random()', () => Math.random()],
    ['hrtime()', () => process.hrtime()],
    ['randomUUID()', () => crypto.randomUUID()],
    ['new Date()', () => new Date()],
    ['Date()', () => Date()],
  ])('nobody gets %s', (asked, ask) => {
    expect(() => withoutClocks(refuse, ask)).toThrow(`asks for ${asked}`);
    expect(ask()).toBeDefined();
  });

  it('a date that is said is a date', () => {
    expect(withoutClocks(refuse, () => new Date(0).getTime())).toBe(0);
  });

  it('a strategy that asks is told so, by its name', () => {
    const strategy = {
      ...takeDownFirst,
      name: 'asks-time',
      tablePre: () => void Date.now(),
    };
    expect(() => verifyWorld(strategy, partialTable, { history: 'logging-first', fwb: false })).toThrow(
      /^strategy asks-time calls now\(\): a strategy knows neither time nor chance$/,
    );
  });
});
