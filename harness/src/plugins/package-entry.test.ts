import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { entryOf } from './package-entry.ts';

function packageWith(...files: string[]): string {
  const folder = tempFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

const exports = {
  '.': { '@s2bench/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
};

describe('entryOf', () => {
  it('takes the source where it is there, else what was built', () => {
    const clone = packageWith('src/index.ts', 'dist/index.js', 'dist/index.d.ts');
    expect(entryOf(clone, { exports })).toBe(join(clone, 'src/index.ts'));
    const published = packageWith('dist/index.js', 'dist/index.d.ts');
    expect(entryOf(published, { exports })).toBe(join(published, 'dist/index.js'));
  });

  it('reads exports and main in all their forms', () => {
    const folder = packageWith('a.js');
    expect(entryOf(folder, { exports: './a.js' })).toBe(join(folder, 'a.js'));
    expect(entryOf(folder, { exports: { import: ['./none.js', './a.js'] } })).toBe(join(folder, 'a.js'));
    expect(entryOf(folder, { main: 'a.js' })).toBe(join(folder, 'a.js'));
  });

  it('needs no manifest where there is an index', () => {
    const folder = packageWith('index.ts');
    expect(entryOf(folder, undefined)).toBe(join(folder, 'index.ts'));
  });

  it('finds nothing where nothing is', () => {
    expect(entryOf(packageWith(), { exports })).toBeUndefined();
  });
});
