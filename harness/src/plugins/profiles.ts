/** Loads machine profiles: those that come with s2bench by name, others by the path of their JSON file. */
import { resolve } from 'node:path';
import { findProfile, parseProfile, type Profile, ProfileError, PROFILES } from '@s2bench/machine';
import { knownNames, UsageError } from '../cli/errors.ts';
import { readText } from '../cli/files.ts';
import { looksLikePath, relativeSpec } from './locate.ts';

/** A profile, and how the normalised command writes it. */
export interface KnownProfile {
  readonly spec: string;
  readonly profile: Profile;
}

/**
 * Loads profiles.
 *
 * @param texts - names, or paths of .json files
 * @param origin - the option that they stand in, for messages
 * @throws UsageError with the path of the field that is wrong, or where two profiles bear one name
 */
export function loadProfiles(texts: readonly string[], cwd: string, origin: string): KnownProfile[] {
  const known: KnownProfile[] = [];
  for (const text of texts) {
    const loaded = loadProfile(text, cwd, origin);
    const twin = known.find(({ profile }) => profile.name === loaded.profile.name);
    if (twin !== undefined) {
      throw new UsageError(
        `${origin} ${text}: is named ${loaded.profile.name}, as ${twin.spec} is; give one of them another name`,
      );
    }
    known.push(loaded);
  }
  return known;
}

function loadProfile(text: string, cwd: string, origin: string): KnownProfile {
  if (!looksLikePath(text)) {
    const profile = findProfile(text);
    if (profile !== undefined) return { spec: text, profile };
    const names = PROFILES.map(({ name }) => name);
    throw new UsageError(
      `${origin} ${text}: unknown machine profile; ${knownNames(text, names)}, or the path of a .json file`,
    );
  }
  const path = resolve(cwd, text);
  const content = readText(path, `${origin} ${text}`);
  try {
    return { spec: relativeSpec(path, cwd), profile: parseProfile(content, text) };
  } catch (error) {
    if (error instanceof ProfileError) throw new UsageError(`${origin} ${error.message}`);
    throw error;
  }
}
