/** The profiles that come with s2bench. */
import type { Profile } from './profile.ts';
import { parseProfile } from './profile.ts';
import assumedDvm from './profiles/assumed-dvm.json' with { type: 'json' };
import assumedFwbRange from './profiles/assumed-fwb-range.json' with { type: 'json' };
import assumedFwb from './profiles/assumed-fwb.json' with { type: 'json' };
import kunpeng920 from './profiles/kunpeng920.json' with { type: 'json' };

/** The profiles that come with s2bench: the calibrated one first. */
export const PROFILES: readonly Profile[] = [kunpeng920, assumedFwb, assumedDvm, assumedFwbRange].map((profile) =>
  parseProfile(JSON.stringify(profile), profile.name),
);

/** The profile of a name, or `undefined`. */
export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
