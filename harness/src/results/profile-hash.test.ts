import { describe, expect, it } from 'vitest';
import { FAKE_PROFILE } from '../../test/fixtures/fake-profile.ts';
import { profileHash } from './profile-hash.ts';

const { exit } = FAKE_PROFILE.costs;
const HASH = profileHash(FAKE_PROFILE);

describe('profileHash', () => {
  it('is that of another order of the keys, and of other words', () => {
    const costs = Object.fromEntries(Object.entries(FAKE_PROFILE.costs).reverse()) as typeof FAKE_PROFILE.costs;
    expect(profileHash({ ...FAKE_PROFILE, costs })).toBe(HASH);
    const reworded = { ...costs, exit: { ...exit, source: 'another', provenance: 'measured' as const } };
    expect(profileHash({ ...FAKE_PROFILE, name: 'other', summary: 'other', costs: reworded })).toBe(HASH);
    expect(HASH).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { cores: FAKE_PROFILE.cores + 1 },
    { features: { ...FAKE_PROFILE.features, fwb: !FAKE_PROFILE.features.fwb } },
    { features: { ...FAKE_PROFILE.features, rangeTlbi: !FAKE_PROFILE.features.rangeTlbi } },
    { costs: { ...FAKE_PROFILE.costs, exit: { ...exit, valueNs: exit.valueNs + 0.001 } } },
  ])('is another where a time may be another', (change) => {
    expect(profileHash({ ...FAKE_PROFILE, ...change })).not.toBe(HASH);
  });
});
