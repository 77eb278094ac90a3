/** The profiles that come with s2bench. */
import type { Profile } from './profile.ts';

/** The profiles that come with s2bench. */
export const PROFILES: readonly Profile[] = [];

/** The profile of a name, or `undefined`. */
export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
