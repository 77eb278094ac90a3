import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/fixtures/temp-folder.ts';
import { readSeal, Seal, type SealedFor } from './seal.ts';

const seal = new Seal('0123456789abcdef');
const FOR: SealedFor = ['result', 'run', 'key'];

describe('Seal', () => {
  it('opens what it has closed, and nothing of which a character or the purpose has changed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.nat(), fc.string({ maxLength: 3 }), (text, at, other) => {
        const sealed = seal.close(text, FOR);
        expect(seal.open(sealed, FOR)).toBe(text);
        const changed = `${sealed.slice(0, at % sealed.length)}${other}${sealed.slice((at % sealed.length) + 1)}`;
        if (changed !== sealed) expect(seal.open(changed, FOR)).toBeUndefined();
        expect(new Seal('0123456789abcdeX').open(sealed, FOR)).toBeUndefined();
        for (const wrong of [
          ['cell', 'run', 'key'],
          ['result', 'other', 'key'],
          ['result', 'run', 'other'],
          ['result', 'runk', 'ey'],
        ] as const)
          expect(seal.open(sealed, wrong)).toBeUndefined();
      }),
    );
  });

  it('opens nothing that was not sealed', () => {
    for (const text of ['', '{}', 'x'.repeat(64), `${'0'.repeat(64)}{}`]) expect(seal.open(text, FOR)).toBeUndefined();
  });

  it('without a secret passes everything on', () => {
    const open = new Seal(undefined);
    expect(open.open(open.close('text', FOR), FOR)).toBe('text');
    expect([open.isSecret, seal.isSecret]).toEqual([false, true]);
  });
});

describe('readSeal', () => {
  it.each([
    ['a file that is not there', undefined, /^--secret-file s: cannot be read: ENOENT/],
    ['an empty file', '\n', /^--secret-file s: holds 0 bytes; a secret has at least 16/],
    ['a word', 'password', /^--secret-file s: holds 8 bytes/],
  ])('refuses %s', (_, text, message) => {
    const cwd = tempFolder();
    if (text !== undefined) writeFileSync(join(cwd, 's'), text);
    expect(() => readSeal('s', cwd)).toThrow(message);
  });

  it('takes a secret without the space around it', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 's'), ' 0123456789abcdef\n');
    expect(readSeal('s', cwd).open(seal.close('text', FOR), FOR)).toBe('text');
  });
});
