import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kernelModelOf } from '@s2bench/kernel';
import { WORKLOADS } from '@s2bench/workloads';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { locationOf } from '../plugins/locate.ts';
import { hashOfKernel, hashOfPlugin, hashOfWorkload } from './content-hash.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SHIPPED = readdirSync(join(ROOT, 'strategies')).map((name) => join(ROOT, 'strategies', name, 'src'));
const of = (path: string): string => hashOfPlugin(locationOf(path, '', ''));

/** What a build of the repository makes of a folder of sources. */
function built(sources: string): string {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8')) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const out = tempFolder();
  for (const name of readdirSync(sources)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(sources, name), 'utf8'), {
      compilerOptions: { ...options, module: ts.ModuleKind.ESNext },
      fileName: name,
    });
    writeFileSync(join(out, name.replace(/ts$/, 'js')), outputText);
  }
  writeFileSync(join(out, 'package.json'), '{"type": "module"}');
  return out;
}

describe('the hash of a plugin', () => {
  it('is the same for the sources of each shipped strategy and for what is published of them', () => {
    const hashes = SHIPPED.map((sources) => [of(join(sources, 'index.ts')), of(join(built(sources), 'index.js'))]);
    expect(hashes.map(([source]) => source)).toEqual(hashes.map(([, published]) => published));
    expect(new Set(hashes.map(([source]) => source)).size).toBe(SHIPPED.length);
  });

  it('is the same for the sources of each shipped workload and for what is published of them', () => {
    const sources = join(ROOT, 'packages/workloads/src');
    const published = built(sources);
    const hashes = WORKLOADS.map(({ name }) => hashOfWorkload({ name }));
    expect(hashes).toEqual(WORKLOADS.map(({ name }) => of(join(published, `${name}.js`))));
    expect(hashes).toEqual(WORKLOADS.map(({ name }) => of(join(sources, `${name}.ts`))));
    expect(new Set(hashes).size).toBe(WORKLOADS.length);
    expect(hashOfWorkload({ name: 'spread?seed=2' })).toBe(hashOfWorkload({ name: 'spread' }));
  });

  const TEXTS = {
    'index.ts':
      "import { two } from './two.ts';\nimport data from './data.json' with { type: 'json' };\nimport 'lib';\nexport default [two, data, /a+/g, 12n];\n",
    'two.ts': 'export const two: number = 2;\n',
    'data.json': '{"a": 1}\n',
    'node_modules/lib/package.json': '{"version": "1.0.0", "main": "index.js"}',
  };
  const text = TEXTS['index.ts'];
  const hashWith = (changed: Readonly<Record<string, string>> = {}): string => {
    const folder = tempFolder();
    for (const [name, content] of Object.entries({ ...TEXTS, ...changed })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return of(join(folder, 'index.ts'));
  };

  it.each([
    ['comments and white space', 'two.ts', '/** Two. */\nexport const two  = 2 // as it says\n'],
    ['types', 'two.ts', 'export const two = 2 as const;\n'],
    ['line ends', 'index.ts', text.replaceAll('\n', '\r\n')],
    ['quotes', 'index.ts', text.replaceAll("'", '"')],
    ['the spacing of data', 'data.json', '{\r\n  "a": 1\r\n}'],
    ['files that are not imported', 'three.ts', 'export const three = 3;'],
  ])('does not depend on %s, nor on where it lies', (_, name, content) => {
    expect(hashWith({ [name]: content })).toBe(hashWith());
  });

  it.each([
    ['a number', 'two.ts', 'export const two: number = 3;\n'],
    ['data', 'data.json', '{"a": 2}\n'],
    ['a pattern', 'index.ts', text.replace('/a+/', '/b+/')],
    ['a large number', 'index.ts', text.replace('12n', '13n')],
    ['the version of a package', 'node_modules/lib/package.json', '{"version": "1.0.1", "main": "index.js"}'],
  ])('depends on %s', (_, name, content) => {
    expect(hashWith({ [name]: content })).not.toBe(hashWith());
  });

  it('is of the hooks that it is given too', () => {
    const [own, hook] = SHIPPED.map((sources) => locationOf(join(sources, 'index.ts'), '', ''));
    if (own === undefined || hook === undefined) throw new Error('nothing is shipped');
    expect(hashOfPlugin({ ...own, hooks: [hook] })).not.toBe(hashOfPlugin(own));
    expect(hashOfPlugin({ ...own, hooks: [own] })).not.toBe(hashOfPlugin({ ...own, hooks: [hook] }));
  });
});

describe('the hash of a kernel model', () => {
  it('is of its options, written or not, and not of what it is called', () => {
    const hash = (text: string): string => hashOfKernel(kernelModelOf(text));
    expect(hash('v5.12?aligned-walk=off')).toBe(hash('v5.12'));
    expect(hash('v5.12?aligned-walk=on')).not.toBe(hash('v5.12'));
    expect(hash('v6.12')).not.toBe(hash('v5.12'));
  });
});
