import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../test/fixtures/temp-folder.ts';
import { checkTypes } from './types.ts';

const { signal } = new AbortController();
const COMPILER = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(COMPILER, join(folder, 'node_modules/typescript'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('the types of a strategy that is watched', () => {
  it('are checked by the compiler beside it, also where its config refers to another', async () => {
    const folder = folderWith({
      'mine.ts': 'export const level: number = "2";\n',
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.lib.json" }] }',
      'tsconfig.lib.json': '{ "compilerOptions": { "composite": true, "types": [] }, "include": ["mine.ts"] }',
    });
    expect(await checkTypes(join(folder, 'mine.ts'), folder, signal)).toEqual({
      isChecked: true,
      errors: ["mine.ts:1:14: error TS2322: Type 'string' is not assignable to type 'number'."],
    });
  });

  it('are checked by the nearest config where that includes the file', async () => {
    const folder = folderWith({
      'mine.ts': 'export const level: number = "2";\n',
      'tsconfig.json': '{ "compilerOptions": { "types": [] }, "include": ["mine.ts"] }',
    });
    expect(await checkTypes(join(folder, 'mine.ts'), folder, signal)).toMatchObject({ isChecked: true });
  });

  it('have no answer where it is no longer wanted, and none of a config that cannot be read', async () => {
    const folder = folderWith({ 'mine.ts': 'export {};\n', 'tsconfig.json': 'no config' });
    expect(await checkTypes(join(folder, 'mine.ts'), folder, signal)).toMatchObject({ isChecked: false });
    const ended = new AbortController();
    ended.abort();
    await expect(checkTypes(join(folder, 'mine.ts'), folder, ended.signal)).rejects.toThrow();
  });

  it('are not checked without a config that includes the file, or without a compiler, and it is said why', async () => {
    const folder = folderWith({ 'mine.ts': '', 'tsconfig.json': '{ "files": ["other.ts"] }', 'other.ts': '' });
    const why = async (path: string): Promise<string> => {
      const check = await checkTypes(path, folder, signal);
      return check.isChecked ? 'checked' : check.why;
    };
    expect(await why(join(folder, 'mine.ts'))).toContain('no tsconfig.json that includes it');
    const bare = tempFolder();
    writeFileSync(join(bare, 'mine.ts'), '');
    expect(await why(join(bare, 'mine.ts'))).toContain('no TypeScript beside it');
    expect(await why(join(bare, 'mine.js'))).toBe('not a .ts file');
  });
});
