/** Brings documents of older schema versions to the present one, one version at a time. */
import { type JsonObject, SCHEMA_VERSION } from '../schema.ts';
import { withProfileHash } from './from-1.ts';
import { withRetriedFaults } from './from-2.ts';
import { withPageSeconds } from './from-3.ts';

/**
 * Makes a document of the next version. It takes what it does not understand as it is: the schema is checked when the
 * last step is done, and says then what is wrong.
 */
export type Migration = (document: JsonObject) => JsonObject;

/** From each older version to the next. */
const MIGRATIONS: Readonly<Record<number, Migration>> = {
  1: withProfileHash,
  2: withRetriedFaults,
  3: withPageSeconds,
};

/** The versions that can be read, the oldest first. */
export const READABLE_VERSIONS: readonly number[] = [...Object.keys(MIGRATIONS).map(Number), SCHEMA_VERSION];

/** The document at the present version. */
export function migrate(document: JsonObject, version: number): JsonObject {
  let migrated = document;
  for (let from = version; from < SCHEMA_VERSION; from++) {
    const step = MIGRATIONS[from];
    if (step === undefined) throw new RangeError(`no migration from schema version ${String(from)}`);
    migrated = { ...step(migrated), schemaVersion: from + 1 };
  }
  return migrated;
}
