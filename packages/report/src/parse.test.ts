import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadDocument } from '../test/thread-fixture.ts';
import { ResultDocumentError, parseResultDocument } from './parse.ts';

const TEXT = JSON.stringify(documentOf([okResult(threadCell())]), null, 2);

function messageOf(text: string): string {
  try {
    parseResultDocument(text, 'results.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ResultDocumentError);
    return (error as Error).message;
  }
  throw new Error('accepted');
}

function changed(path: readonly (string | number)[], value: unknown): string {
  const document: unknown = structuredClone(threadDocument());
  let at = document as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ''] = value;
  return JSON.stringify(document);
}

describe('parseResultDocument', () => {
  it('reads what was written', () => {
    expect(parseResultDocument(JSON.stringify(threadDocument()), 'results.json')).toEqual(threadDocument());
  });

  it('says where a text is cut off, wherever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: TEXT.length - 1 }), (length) => {
        const message = messageOf(TEXT.slice(0, length));
        expect(message).toMatch(/^results\.json: cut off: /);
        expect(message).not.toContain('\n');
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['', 'results.json: empty: must be a result document in JSON'],
    ['# Report\n', /^results\.json: not JSON: [^\n]+$/],
    ['{"schemaVersion": 1,\n  cells: []}', /^results\.json: not JSON: [^\n]+line 2[^\n]+$/],
    ['[1]', 'results.json: not a result document: must be a JSON object'],
    ['{"cells": []}', 'results.json: not a result document: schemaVersion is missing'],
    ['{"schemaVersion": 7}', 'results.json: schemaVersion: is 7, must be 1, 2, 3 or 4; a later s2bench wrote it'],
    ['{"schemaVersion": "1"}', 'results.json: schemaVersion: is "1", must be 1, 2, 3 or 4'],
    ['{"schemaVersion": 0}', 'results.json: schemaVersion: is 0, must be 1, 2, 3 or 4'],
    ['{"schemaVersion": 1.5}', 'results.json: schemaVersion: is 1.5, must be 1, 2, 3 or 4'],
  ])('refuses %j in one line', (text, message) => {
    expect(messageOf(text)).toMatch(message);
  });

  it.each([
    [['cells', 3, 'cell', 'vcpus'], 'many', /^results\.json: cells\.3\.cell\.vcpus: [^\n]+$/],
    [['cells', 0, 'stages', 'ADJUST', 'timeNs'], -1, /^results\.json: cells\.0\.stages\.ADJUST\.timeNs: [^\n]+$/],
    [['cells', 0, 'status'], 'done', /^results\.json: cells\.0\.status: [^\n]+$/],
    [['cells', 0, 'stages', 'warm-up'], {}, /^results\.json: cells\.0\.stages[^\n]*warm-up[^\n]*$/],
    [['comparisons', 1, 'role'], 'whole', /^results\.json: comparisons\.1\.role: [^\n]+$/],
    [['tool'], undefined, /^results\.json: tool: [^\n]+$/],
  ] as const)('names the field %j', (path, value, message) => {
    expect(messageOf(changed(path, value))).toMatch(message);
  });
});
