/** The profiles that come with s2bench. */
import type { Profile } from './profile.ts';
import { parseProfile } from './profile.ts';
import altra from './profiles/altra.json' with { type: 'json' };
import ampereone from './profiles/ampereone.json' with { type: 'json' };
import assumedDvm from './profiles/assumed-dvm.json' with { type: 'json' };
import assumedFwbRange from './profiles/assumed-fwb-range.json' with { type: 'json' };
import assumedFwb from './profiles/assumed-fwb.json' with { type: 'json' };
import kunpeng920 from './profiles/kunpeng920.json' with { type: 'json' };
import parallelFaults from './profiles/parallel-faults.json' with { type: 'json' };
import tlbiRange from './profiles/tlbi-range.json' with { type: 'json' };

/** The profiles that come with s2bench: the calibrated ones first. */
export const PROFILES: readonly Profile[] = [
  kunpeng920,
  altra,
  parallelFaults,
  tlbiRange,
  ampereone,
  assumedFwb,
  assumedDvm,
  assumedFwbRange,
].map((profile) => parseProfile(JSON.stringify(profile), profile.name));

/** The profile of a name, or `undefined`. */
export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
