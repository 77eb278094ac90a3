import { describe, expect, it } from 'vitest';
import { threadDocument } from '../test/thread-fixture.ts';
import { parseResultDocument } from './parse.ts';
import { isSealBroken, sealed } from './seal.ts';
import type { JsonObject } from './schema.ts';

describe('the hash of a document', () => {
  const text = JSON.stringify(sealed(threadDocument()), null, 2);
  const read = (json: string): JsonObject => JSON.parse(json) as JsonObject;

  it('fits what was written, in whatever white space, and after it was read', () => {
    expect(isSealBroken(read(text))).toBe(false);
    expect(isSealBroken(read(JSON.stringify(read(text))))).toBe(false);
    expect(sealed(parseResultDocument(text, 'text'))).toEqual(read(text));
  });

  it('no longer fits where one number was changed', () => {
    const edited = text.replace(/"timeNs": (\d)/, (_, digit) => `"timeNs": ${String((Number(digit) % 9) + 1)}`);
    expect(edited).not.toBe(text);
    expect(isSealBroken(read(edited))).toBe(true);
  });

  it('says nothing of a document that has none', () => {
    expect(isSealBroken({ ...threadDocument() })).toBe(false);
  });
});
