import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { discoverStrategies, entryOf, locateStrategy } from './locate.ts';

const THREAD = ['baseline', 'full-population-check', 'install-first-no-cmo', 'install-first-uniform-cmo'];

function makePackage(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', exports: './index.js' }));
  writeFileSync(join(folder, 'index.js'), '');
}

describe('discoverStrategies', () => {
  it('finds the strategies of the workspace, sorted by name', () => {
    const found = [...discoverStrategies(tempFolder()).keys()];
    expect(found).toEqual(expect.arrayContaining(THREAD));
    expect(found).toEqual([...found].sort());
  });

  it('finds packages installed beside the current directory, and what a config file adds', () => {
    const cwd = tempFolder();
    makePackage(join(cwd, 'node_modules', '@s2bench', 'strategy-foo'), '@s2bench/strategy-foo');
    makePackage(join(cwd, 'node_modules', 's2bench-strategy-bar'), 's2bench-strategy-bar');
    const found = discoverStrategies(join(cwd), [join(cwd, 'more', 'mine.ts')]);
    expect(found.get('foo')).toBe(join(cwd, 'node_modules', '@s2bench', 'strategy-foo'));
    expect(found.get('bar')).toBe(join(cwd, 'node_modules', 's2bench-strategy-bar'));
    expect(found.get('mine')).toBe(join(cwd, 'more', 'mine.ts'));
  });
});

describe('locateStrategy', () => {
  it.each([
    ['{', /package\.json: not JSON, or cut off: /],
    ['[]', /package\.json: must be an object/],
    ['{"main": 5}', /package\.json: main: must be a text$/],
    ['{"version": {}}', /package\.json: version: must be a text$/],
    [`{"exports": ${'['.repeat(5000)}${']'.repeat(5000)}}`, /neither an index\.ts nor a package\.json with exports$/],
    ['{"exports": {".": 1, "import": {"import": null}}}', /neither an index\.ts nor a package\.json with exports$/],
  ])('says in one line what is wrong with a package.json: %.30s', (text, message) => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, 'mine'));
    writeFileSync(join(cwd, 'mine', 'package.json'), text);
    expect(() => locateStrategy('./mine', new Map(), cwd, '--strategy')).toThrow(message);
  });

  it('finds none in what is no folder', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'node_modules'), '');
    symlinkSync('loop.ts', join(cwd, 'loop.ts'));
    expect(discoverStrategies(cwd).size).toBeGreaterThan(0);
    expect(() => locateStrategy('./loop.ts', new Map(), cwd, '--strategy')).toThrow('no such file');
  });

  const locate = (text: string, cwd: string) => locateStrategy(text, discoverStrategies(cwd), cwd, '--strategy');

  it('finds a strategy by its name and by its package', () => {
    const byName = locate('baseline', tempFolder());
    expect(byName.entryUrl).toMatch(/strategies\/baseline\/src\/index\.ts$/);
    expect(byName.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(locate('@s2bench/strategy-baseline', tempFolder()).entryUrl).toBe(byName.entryUrl);
  });

  it('finds a strategy by the path of its folder or file, and writes the path relative', () => {
    const cwd = tempFolder();
    makePackage(join(cwd, 'mine'), 'mine');
    const folder = locate(join(cwd, 'mine'), cwd);
    expect(folder).toMatchObject({ spec: './mine', version: '1.2.3' });
    expect(folder.entryUrl).toBe(pathToFileURL(join(cwd, 'mine', 'index.js')).href);
    expect(locate('./mine/index.js', cwd)).toMatchObject({ spec: './mine/index.js', entryUrl: folder.entryUrl });
  });

  it('finds a package of any name', () => {
    const cwd = tempFolder();
    makePackage(join(cwd, 'node_modules', 'some-order'), 'some-order');
    expect(locate('some-order', cwd).spec).toBe('some-order');
  });

  it('writes options into the spec and into the URL that is loaded', () => {
    const cwd = tempFolder();
    makePackage(join(cwd, 'mine'), 'mine');
    const entryUrl = pathToFileURL(join(cwd, 'mine', 'index.js')).href;
    expect(locate('./mine?a=1&b=x', cwd)).toMatchObject({ spec: './mine?a=1&b=x', entryUrl: `${entryUrl}?a=1&b=x` });
    expect(locate('./mine/index.js?a=1', cwd)).toMatchObject({
      spec: './mine/index.js?a=1',
      entryUrl: `${entryUrl}?a=1`,
    });
    expect(() => locate('./mine?a=1,2', cwd)).toThrow('2 strategies, where one is wanted');
    expect(() => locate('basline?a=1', cwd)).toThrow(
      '--strategy basline?a=1: unknown strategy; did you mean baseline?',
    );
  });

  it('suggests the nearest name', () => {
    expect(() => locate('basline', tempFolder())).toThrow(
      '--strategy basline: unknown strategy; did you mean baseline? Known: ',
    );
  });

  it('refuses paths that lead nowhere', () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, 'empty'));
    expect(() => locate('./none.ts', cwd)).toThrow('--strategy ./none.ts: there is no such file or folder');
    expect(() => locate('./empty', cwd)).toThrow('--strategy ./empty: no strategy package');
  });
});

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
