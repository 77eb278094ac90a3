import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseResultDocument } from '../parse.ts';
import { SCHEMA_VERSION } from '../schema.ts';
import { READABLE_VERSIONS, migrate } from './migrate.ts';

/** What s2bench wrote when its schema was at version 1. */
const VERSION_1 = readFileSync(new URL('../../test/version-1.json', import.meta.url), 'utf8');

describe('documents of older versions', () => {
  it('have a way to the present one from each version that was', () => {
    expect(READABLE_VERSIONS).toEqual(Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1));
  });

  it('of version 1 are read, with nothing invented and nothing lost', () => {
    const old = JSON.parse(VERSION_1) as { profiles: object[] };
    const document = parseResultDocument(VERSION_1, 'results.json');
    expect(document).toEqual({
      ...old,
      schemaVersion: SCHEMA_VERSION,
      profiles: old.profiles.map((profile) => ({ ...profile, hash: null })),
    });
  });

  it('that are broken are refused by the field, as new ones are', () => {
    const old = JSON.parse(VERSION_1) as Record<string, unknown>;
    const read = (change: object): unknown => parseResultDocument(JSON.stringify({ ...old, ...change }), 'old.json');
    expect(() => read({ profiles: 7 })).toThrow(/^old\.json: profiles: /);
    expect(() => read({ profiles: [7] })).toThrow(/^old\.json: profiles\.0: /);
    expect(() => read({ cells: undefined })).toThrow(/^old\.json: cells: /);
  });

  it('leave the present version as it is', () => {
    const document = { schemaVersion: SCHEMA_VERSION, anything: 1 };
    expect(migrate(document, SCHEMA_VERSION)).toBe(document);
  });
});
