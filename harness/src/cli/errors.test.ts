import { describe, expect, it } from 'vitest';
import { knownNames, nearestName, oneLine } from './errors.ts';

const NAMES = ['baseline', 'install-first-no-cmo', 'install-first-uniform-cmo'];

describe('nearestName', () => {
  it('finds the name with the fewest edits', () => {
    expect(nearestName('basline', NAMES)).toBe('baseline');
    expect(nearestName('Install-first-nocmo', NAMES)).toBe('install-first-no-cmo');
  });

  it('suggests nothing where nothing is near', () => {
    expect(nearestName('xyz', NAMES)).toBeUndefined();
    expect(nearestName('a', [])).toBeUndefined();
  });
});

describe('knownNames', () => {
  it('puts the nearest name before all names', () => {
    expect(knownNames('baselin', ['baseline', 'other'])).toBe('did you mean baseline? Known: baseline, other');
  });

  it('says so where there are none', () => {
    expect(knownNames('x', [])).toBe('none is known');
  });
});

describe('oneLine', () => {
  it('is the first line that says something', () => {
    expect(oneLine(new Error('\n  a\nb'))).toBe('a');
    expect(oneLine(new TypeError(''))).toBe('TypeError');
    expect(oneLine('thrown')).toBe('thrown');
  });

  it('is printable and short, whatever is thrown', () => {
    expect(oneLine(new Error('\u001B[2Jx'))).toBe('\uFFFD[2Jx');
    expect(oneLine(new Error('x'.repeat(1 << 20))).length).toBeLessThan(1000);
  });

  it('stands what throws when it is looked at', () => {
    const refuses = {
      get message(): string {
        throw new Error('no');
      },
      toString: () => {
        throw new Error('no');
      },
    };
    for (const thrown of [
      refuses,
      Object.setPrototypeOf(refuses, Error.prototype),
      Object.create(null),
      Symbol('s'),
      undefined,
    ])
      expect(oneLine(thrown)).toMatch(/^.+$/);
    expect(oneLine(Object.create(null))).toBe('an error that cannot be read');
  });
});
