import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { documentOf, okResult, threadCell, threadDocument } from '../test/thread-fixture.ts';
import { resultDocumentSchema, resultJsonSchema, stageResultSchema } from './schema.ts';

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(resultJsonSchema());

describe('the JSON Schema', () => {
  it('accepts what the zod schema accepts', () => {
    const document = documentOf([
      { ...okResult(threadCell()), verdict: { status: 'unsafe', rule: 'stale-read', counterexample: 'a.json' } },
      { cell: threadCell({ vcpus: 1 }), status: 'skipped', reason: 'no' },
      { cell: threadCell({ vcpus: 2 }), status: 'failed', reason: 'threw' },
    ]);
    expect(resultDocumentSchema.parse(document)).toEqual(document);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(threadDocument())).toBe(true);
  });

  it.each([
    ['another schemaVersion', { ...threadDocument(), schemaVersion: 1 }],
    ['no cells', { ...threadDocument(), cells: undefined }],
    ['a verdict that is none', documentOf([{ ...okResult(threadCell()), verdict: { status: 'maybe' as 'safe' } }])],
    ['a cell of half a vCPU', documentOf([okResult(threadCell({ vcpus: 0.5 }))])],
    ['a status that is none', { ...threadDocument(), cells: [{ cell: threadCell(), status: 'done' }] }],
  ])('refuses %s, as the zod schema does', (_, value) => {
    const json: unknown = JSON.parse(JSON.stringify(value));
    expect(resultDocumentSchema.safeParse(json).success).toBe(false);
    expect(validate(json)).toBe(false);
  });

  it('accepts a field that a later version adds', () => {
    const json = { ...threadDocument(), host: 'later' };
    expect(validate(json)).toBe(true);
    expect(resultDocumentSchema.safeParse(json).success).toBe(true);
  });
});

/** Paths of the fields that hold a number and do not say what it contains. */
function silentNumbers({ shape }: z.ZodObject, path = ''): readonly string[] {
  return Object.entries(shape as Record<string, z.ZodType>).flatMap(([key, field]): readonly string[] => {
    const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
    if (inner instanceof z.ZodObject) return silentNumbers(inner, `${path}${key}.`);
    const description = field.description ?? inner.description;
    return inner instanceof z.ZodNumber && description === undefined ? [`${path}${key}`] : [];
  });
}

describe('the schema of a stage', () => {
  it('says of every number what it contains', () => {
    expect(silentNumbers(z.object({ known: z.number().describe('said'), a: z.object({ b: z.number() }) }))).toEqual([
      'a.b',
    ]);
    expect(silentNumbers(stageResultSchema)).toEqual([]);
  });
});
