import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PluginError } from '../cli/errors.ts';
import { plainOf } from './plain.ts';

describe('plainOf', () => {
  it('leaves data as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(JSON.stringify(plainOf(value))).toBe(JSON.stringify(value));
      }),
    );
    expect(plainOf({ a: Number.NaN, b: Infinity, c: undefined })).toEqual({ a: Number.NaN, b: Infinity, c: undefined });
  });

  it('asks each value once, so that it cannot be another one later', () => {
    let asked = 0;
    const turncoat = {
      get jobs() {
        return ++asked;
      },
    };
    expect(plainOf(turncoat)).toEqual({ jobs: 1 });
    expect(asked).toBe(1);
  });

  const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: deep(depth - 1) });
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  it.each<[string, unknown, string]>([
    ['a function', { jobs: () => 3 }, 'jobs: is a function; only plain data can stand there'],
    ['a whole number that is none of JSON', [1n], '0: is a bigint;'],
    ['a function alone', () => 3, 'the default export: is a function;'],
    [
      'a getter that throws',
      {
        presets: {
          get small() {
            throw new Error('gotcha\n');
          },
        },
      },
      'presets.small: cannot be read: gotcha',
    ],
    ['what lies too deep', deep(100), 'lies more than 32 deep'],
    ['what holds itself', circle, 'lies more than 32 deep'],
    ['a list without end', { vcpus: new Array(1e9) }, 'has more than 100000 values'],
    ['a proxy that is revoked', { a: revoked }, 'a: cannot be read: '],
    [
      'names that throw',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no names');
          },
        },
      ),
      'the default export: cannot be read: no names',
    ],
  ])('refuses %s, and says where it stands', (_, value, message) => {
    expect(() => plainOf(value)).toThrow(PluginError);
    expect(() => plainOf(value)).toThrow(message);
  });
});
