/** Version 1 to 2: every profile says the hash of its costs. */
import type { JsonObject } from '../schema.ts';

/**
 * A document of version 1 holds a profile's costs and not its cores and features, so the hash cannot be worked out from
 * it: it is `null`, which says that nobody knows.
 */
export function withProfileHash(document: JsonObject): JsonObject {
  const { profiles } = document;
  if (!Array.isArray(profiles)) return document;
  return {
    ...document,
    profiles: profiles.map((profile: unknown) =>
      typeof profile === 'object' && profile !== null ? { ...profile, hash: null } : profile,
    ),
  };
}
