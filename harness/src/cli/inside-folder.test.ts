import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from './errors.ts';
import { insideFolder } from './inside-folder.ts';

/** Names as an attacker would write them: parts that lead out, and parts that do not. */
const part = fc.oneof(
  fc.constantFrom('..', '.', '', 'a', 'b.md', '...', '..a', 'C:', '\\', '~', '\0', '\n', 'x'.repeat(256)),
  fc.string({ maxLength: 8, unit: 'binary' }),
);
const names = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));

describe('insideFolder', () => {
  it('gives a path below the folder, or refuses in one line, whatever the name', () => {
    fc.assert(
      fc.property(names, (name) => {
        const folder = resolve('/no-such-folder/report');
        let path: string;
        try {
          path = insideFolder(folder, name, 'a.json');
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).toMatch(/^a\.json: [^\n\0]+$/);
          return;
        }
        expect(path.startsWith(`${folder}${sep}`)).toBe(true);
        expect(path).toBe(join(folder, name));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['README.md', 'counterexamples/a.md', '..a', 'a..', '.journal'])('takes %s', (name) => {
    const folder = tempFolder();
    expect(insideFolder(folder, name, '')).toBe(join(folder, name));
  });

  it('refuses a way out by a link in the folder, and takes a folder that is reached by one', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'report'));
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'report', 'counterexamples'));
    symlinkSync(join(folder, 'report'), join(folder, 'linked'));
    expect(() => insideFolder(join(folder, 'report'), 'counterexamples/a.md', 'x')).toThrow(/a link leads out/);
    expect(insideFolder(join(folder, 'linked'), 'a.md', 'x')).toBe(join(folder, 'linked', 'a.md'));
  });
});
