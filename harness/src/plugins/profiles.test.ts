import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAKE_PROFILE } from '../../test/fixtures/fake-profile.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { loadProfiles } from './profiles.ts';

const { exit, ...otherCosts } = FAKE_PROFILE.costs;

describe('loadProfiles', () => {
  it('reads a file', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'fake.json'), JSON.stringify(FAKE_PROFILE));
    expect(loadProfiles(['./fake.json'], cwd, '--profile')).toEqual([{ spec: './fake.json', profile: FAKE_PROFILE }]);
  });

  it.each<[string, string, string]>([
    ['not JSON', '{', 'x.json: not JSON'],
    ['a missing cost', JSON.stringify({ ...FAKE_PROFILE, costs: otherCosts }), 'x.json: costs.exit'],
    [
      'a text for a number',
      JSON.stringify({ ...FAKE_PROFILE, costs: { ...otherCosts, exit: { ...exit, valueNs: '1' } } }),
      'x.json: costs.exit.valueNs',
    ],
  ])('refuses %s with the path of the field', (_, content, message) => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'x.json'), content);
    expect(() => loadProfiles(['x.json'], cwd, '--profile')).toThrow(`--profile ${message}`);
  });

  it('refuses names that there are not, files that cannot be read, and two of one name', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'a.json'), JSON.stringify(FAKE_PROFILE));
    writeFileSync(join(cwd, 'b.json'), JSON.stringify(FAKE_PROFILE));
    expect(() => loadProfiles(['kunpeng'], cwd, '--profile')).toThrow('--profile kunpeng: unknown machine profile; ');
    expect(() => loadProfiles(['./none.json'], cwd, '--profile')).toThrow('--profile ./none.json: cannot be read');
    expect(() => loadProfiles(['a.json', 'b.json'], cwd, '--profile')).toThrow('is named fake-machine, as ./a.json is');
  });
});
