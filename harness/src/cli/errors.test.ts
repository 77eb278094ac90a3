import { describe, expect, it } from 'vitest';
import { knownNames, nearestName } from './errors.ts';

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
