import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILES } from '@s2bench/machine';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PACKAGE_FOLDER } from '../cli/installation.ts';
import { jsonSchemaOf, schema, type SchemaName, SCHEMAS } from './schema.ts';

const accepts = (name: SchemaName, document: unknown): boolean =>
  z.fromJSONSchema(jsonSchemaOf(name) as Parameters<typeof z.fromJSONSchema>[0]).safeParse(document).success;

describe('jsonSchemaOf', () => {
  it.each(Object.keys(SCHEMAS) as SchemaName[])('%s is a schema of documents with fields', (name) => {
    expect(JSON.stringify(jsonSchemaOf(name))).toMatch(/"\$schema":"https:\/\/json-schema.org.*"properties":/);
  });

  it('accepts what is written, and nothing else', () => {
    const text = readFileSync(join(PACKAGE_FOLDER, '../reports/thread-2021/results.json'), 'utf8');
    const document = JSON.parse(text) as Record<string, unknown>;
    expect(accepts('result', document)).toBe(true);
    expect(accepts('result', { ...document, cells: 'none' })).toBe(false);
    for (const profile of PROFILES)
      expect(accepts('profile', JSON.parse(JSON.stringify(profile))), profile.name).toBe(true);
    expect(accepts('config', { vcpus: [1, 2] })).toBe(true);
    expect(accepts('config', { vcpu: 1 })).toBe(false);
  });
});

describe('schema', () => {
  it('says what would be right', () => {
    expect(() => schema('results')).toThrow('schema results: unknown schema; did you mean result?');
  });
});
