import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Files, readStart, startNames, strategyFiles } from './index.ts';
import { STARTS_FOLDER } from './starts.ts';

/** Paths of the files that are equal, byte for byte, to those of a strategy's folder. */
function sameAs(files: Files, name: string): string[] {
  return [...files]
    .filter(([path, text]) => text === readFileSync(join(STARTS_FOLDER, name, path), 'utf8'))
    .map(([path]) => path);
}

describe.each(startNames())('from %s', (name) => {
  it('changes what a strategy says of itself, and not what it does', () => {
    const start = readStart(name);
    const text = strategyFiles('standalone', 'holes-only', start).get('src/index.ts') ?? '';
    expect(text).toContain("  name: 'holes-only',\n");
    expect(text).toContain(`starts from ${name}`);
    const visitors = (source: string | undefined): string | undefined => source?.slice(source.indexOf('  tablePre('));
    expect(visitors(text)).toBe(visitors(start.files.get('src/index.ts')));
    expect(visitors(text)).toMatch(/map\.(freeTable|freeBelow|freeUnlinked)\(/);
  });
  it('has the templates of the workspace as this strategy has them', () => {
    const same = sameAs(strategyFiles('workspace', name, readStart(name)), name);
    expect(same).toEqual(
      expect.arrayContaining(['tsconfig.json', 'tsconfig.lib.json', 'tsconfig.test.json', 'vitest.config.ts']),
    );
    const manifest = (text: string | undefined): unknown => ({
      ...(JSON.parse(text ?? '') as object),
      description: '',
    });
    expect(manifest(strategyFiles('workspace', name, readStart(name)).get('package.json'))).toEqual(
      manifest(readFileSync(join(STARTS_FOLDER, name, 'package.json'), 'utf8')),
    );
  });
});

describe('a start', () => {
  it('brings every file of its source but no test', () => {
    expect([...readStart('baseline').files.keys()]).toEqual(['src/index.ts']);
  });
  it('is refused where its declaration cannot be found, by its name', () => {
    const start = { name: 'odd', files: new Map([['src/index.ts', 'export default { name: "odd" };\n']]) };
    expect(() => strategyFiles('standalone', 'holes-only', start)).toThrow(
      /^--from odd: its src\/index.ts has no name/,
    );
  });
  it('keeps its other files, and values over several lines are replaced whole', () => {
    const source = `export default defineStrategy({
  name: 'odd',
  summary:
    'one, ' +
    'two',
  source: 'a, b',

  tablePre() {},
});
`;
    const start = {
      name: 'odd',
      files: new Map([
        ['src/index.ts', source],
        ['src/more.ts', 'export {};\n'],
      ]),
    };
    const files = strategyFiles('standalone', 'even', start);
    expect(files.get('src/more.ts')).toBe('export {};\n');
    expect(files.get('src/index.ts')).toMatch(
      /defineStrategy\(\{\n {2}name: 'even',\n {2}summary: '[^\n]*',\n {2}source: '[^\n]*',\n\n {2}tablePre/,
    );
  });
});
