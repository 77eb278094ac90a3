import { describe, expect, it } from 'vitest';
import { COSTS, profileOf } from '../test/cell.ts';
import { costInstead, costsOf } from './costs.ts';
import { COST_NAMES, parseProfile, ProfileError } from './profile.ts';
import { findProfile, PROFILES } from './profiles.ts';

const PROFILE = profileOf(COSTS);

function problemOf(text: string): string {
  try {
    parseProfile(text, 'mine.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    return (error as ProfileError).message;
  }
  return 'none';
}

describe('a profile', () => {
  it('is read as it was written, and gives each cost as a number', () => {
    const profile = parseProfile(JSON.stringify(PROFILE), 'mine.json');
    expect(profile).toEqual(PROFILE);
    expect(costsOf(profile)).toEqual(COSTS);
    expect(Object.keys(costsOf(profile))).toEqual(COST_NAMES);
  });

  it('may leave out what has a value without it, and says it where it does not', () => {
    expect(costInstead(COSTS, 'dvmRange')).toBe('dvmIpa');
    expect(costInstead(COSTS, 'tlbiRange')).toBe('tlbiIpa');
    expect(costInstead(COSTS, 'exit')).toBe('exit');
    const more = { ...COSTS, tlbiRange: 900, lockLine: 70 };
    const profile = parseProfile(JSON.stringify(profileOf(more)), 'mine.json');
    expect(costsOf(profile)).toEqual(more);
    expect(costInstead(costsOf(profile), 'tlbiRange')).toBe('tlbiRange');
    const { lockLine, ...others } = profile.costs;
    const wrong = { ...others, lockLine: { ...lockLine, valueNs: -1 } };
    expect(problemOf(JSON.stringify({ ...profile, costs: wrong }))).toMatch(
      /^mine\.json: costs\.lockLine\.valueNs: .+$/,
    );
  });

  it('that is no JSON, or misses something, is refused by file and field in one line', () => {
    expect(problemOf('{')).toMatch(/^mine\.json: not JSON: .+$/);
    expect(problemOf('[]')).toMatch(/^mine\.json: the document: .+$/);
    expect(problemOf(JSON.stringify({ ...PROFILE, cores: 0 }))).toMatch(/^mine\.json: cores: .+$/);
    const { exit: _, ...withoutExit } = PROFILE.costs;
    expect(problemOf(JSON.stringify({ ...PROFILE, costs: withoutExit }))).toMatch(/^mine\.json: costs\.exit: .+$/);
    const exit = { ...PROFILE.costs.exit, valueNs: -1 };
    const negative = JSON.stringify({ ...PROFILE, costs: { ...PROFILE.costs, exit } });
    expect(problemOf(negative)).toMatch(/^mine\.json: costs\.exit\.valueNs: .+$/);
    const idle = profileOf({ ...COSTS, guestAccess: 0 });
    expect(problemOf(JSON.stringify(idle))).toMatch(/^mine\.json: costs\.guestAccess\.valueNs: .+$/);
    expect(problemOf(JSON.stringify({ ...PROFILE, name: 'My Machine' }))).toBe(
      'mine.json: name: must be lower-case words joined by hyphens',
    );
    expect(problemOf(JSON.stringify({ ...PROFILE, more: 1 }))).toMatch(/^mine\.json: the document: .*more.*$/);
  });
});

it('a cost of a TLBI for each core that answers is read as part of the TLBI: it reaches all cores', () => {
  const costs = { ...PROFILE.costs, tlbiPerCore: { valueNs: 2, provenance: 'assumed', source: 'a test' } };
  const read = parseProfile(JSON.stringify({ ...PROFILE, costs }), 'mine.json');
  expect(costsOf(read)).toEqual({
    ...COSTS,
    tlbiIpa: COSTS.tlbiIpa + 2 * PROFILE.cores,
    tlbiVmid: COSTS.tlbiVmid + 2 * PROFILE.cores,
  });
});

describe('a profile with TLBs', () => {
  /** Of an access that takes so long, of which five reads of 10 ns and a quarter of a line of 40 ns are its walk. */
  const problemOf = (accessNs: number, tlbEntries?: number): string => {
    const costs = { ...COSTS, guestAccess: accessNs, guestWalkRead: 10, guestWalkLine: 40 };
    try {
      parseProfile(JSON.stringify(profileOf(costs, false, tlbEntries)), 'mine.json');
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  it('has an access that takes more than the walk in it, and one without need not', () => {
    expect(problemOf(60, 64)).toBe(
      'mine.json: costs.guestAccess.valueNs: must be more than the 60 ns of the walk in it',
    );
    expect([problemOf(61, 64), problemOf(60)]).toEqual(['', '']);
  });
});

describe('the profiles that come along', () => {
  it('are found by their names, the calibrated one first', () => {
    expect(PROFILES[0]?.name).toBe('kunpeng920');
    expect(new Set(PROFILES.map(({ name }) => name)).size).toBe(PROFILES.length);
    for (const profile of PROFILES) expect(findProfile(profile.name)).toBe(profile);
    expect(findProfile('cray-1')).toBeUndefined();
  });

  it('say of FWB what their names say', () => {
    const withFwb = PROFILES.filter(({ features }) => features.fwb).map(({ name }) => name);
    expect(withFwb).toEqual(expect.arrayContaining(['assumed-fwb', 'assumed-fwb-range']));
    expect(findProfile('kunpeng920')?.features.fwb).toBe(false);
  });

  it('keep with every fitted figure how far the model is from it', () => {
    for (const { calibration = [] } of PROFILES) {
      for (const { published, model, errorPercent } of calibration) {
        expect(Math.abs(((model - published) / published) * 100 - errorPercent)).toBeLessThan(0.3);
      }
    }
  });
});
