/** Small workspaces, each with one mistake: circles, arrows upward, a drawing that is not true any more. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { check, type Workspace } from './check.ts';

const PAGE = 'docs/layers.md';
const LAYERS = { core: [], machine: ['core'], strategy: ['core'], harness: ['core', 'machine', 'strategy'] };

/** Path to text. What is imported by name needs no install: the packages are linked. */
const SOURCES = {
  'packages/core/src/index.ts': "export type { Level } from './level.ts';\n",
  'packages/core/src/level.ts': 'export type Level = 1 | 2 | 3;\n',
  'packages/machine/src/index.ts': "import type { Level } from '@test/core';\nexport const LEVEL: Level = 2;\n",
  // Tests may import what is above them.
  'packages/machine/src/index.test.ts': "import '@test/harness';\n",
  'strategies/first/src/index.ts': "import '@test/core';\n",
  'strategies/second/src/index.ts': "import '@test/core';\n",
  'harness/src/index.ts': "import '@test/machine';\nexport const later = () => import('@test/first');\n",
};

const roots: string[] = [];

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A workspace of these sources, some of them replaced or added, whose drawing is true. */
async function workspace(changed: Readonly<Record<string, string>> = {}, layers = LAYERS): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 's2bench-imports-'));
  roots.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', JSON.stringify({ workspaces: ['packages/*', 'strategies/*', 'harness'] }));
  for (const folder of ['packages/core', 'packages/machine', 'strategies/first', 'strategies/second', 'harness']) {
    const name = folder.replace(/^.*\//, '');
    const layer = folder.startsWith('strategies/') ? 'strategy' : name;
    const exports = { '.': { '@s2bench/source': './src/index.ts', default: './dist/index.js' } };
    write(
      `${folder}/package.json`,
      JSON.stringify({ name: `@test/${name}`, exports, nx: { tags: [`layer:${layer}`] } }),
    );
    mkdirSync(join(root, 'node_modules/@test'), { recursive: true });
    symlinkSync(join(root, folder), join(root, 'node_modules/@test', name));
  }
  for (const [path, text] of Object.entries({ ...SOURCES, ...changed })) write(path, text);
  write(PAGE, '# Layers\n\n<!-- packages -->\n<!-- /packages -->\n\nThe end.\n');
  const made = { root, layers, page: PAGE, knownCircles: [] };
  await check(made, true);
  return made;
}

async function faultsOf(made: Workspace): Promise<readonly string[]> {
  return (await check(made, false)).faults;
}

describe('a workspace in order', () => {
  it('has no faults, and is drawn from the outside in', async () => {
    const made = await workspace();
    expect(await check(made, false)).toEqual({
      faults: [],
      extent: '7 files in 5 packages, 5 imports between packages',
    });
    expect(readFileSync(join(made.root, PAGE), 'utf8')).toBe(`# Layers

<!-- packages -->

\`\`\`mermaid
flowchart TD
  harness["@test/harness"]
  strategy["strategies/*"]
  machine["@test/machine"]
  core["@test/core"]
  harness --> strategy & machine
  strategy --> core
  machine --> core
\`\`\`

| layer | where | may import | imports |
|---|---|---|---|
| harness | \`harness\` | strategy, machine, core | strategy, machine |
| strategy | \`strategies/*\` | core | core |
| machine | \`packages/machine\` | core | core |
| core | \`packages/core\` | none of ours | none of ours |

<!-- /packages -->

The end.
`);
  });
});

describe('a fault', () => {
  it('is a drawing of other imports', async () => {
    const made = await workspace();
    writeFileSync(join(made.root, 'harness/src/index.ts'), "import '@test/machine';\n");
    expect(await faultsOf(made)).toEqual([`${PAGE}: the drawing is of other imports; npm run draw:packages`]);
  });
  it('is a circle of files, also of types and of three', async () => {
    const made = await workspace({
      'packages/core/src/level.ts': "import type { Table } from './table.ts';\nexport type Level = Table['level'];\n",
      'packages/core/src/table.ts':
        "import type { Entry } from './entry.ts';\nexport interface Table { level: 1; entry: Entry }\n",
      'packages/core/src/entry.ts':
        "import type { Level } from './level.ts';\nexport interface Entry { level: Level }\n",
    });
    const [fault, ...others] = await faultsOf(made);
    expect(others).toEqual([]);
    expect(fault).toMatch(/^files import each other: (packages\/core\/src\/(level|table|entry)\.ts( → )?){4}$/);
    const circle = fault?.replace('files import each other: ', '') ?? '';
    expect(await faultsOf({ ...made, knownCircles: [circle] })).toEqual([]);
  });
  it('is a known circle that is gone', async () => {
    const made = await workspace();
    expect(await faultsOf({ ...made, knownCircles: ['a.ts → b.ts → a.ts'] })).toEqual([
      'a circle is listed as known, and is none any more: a.ts → b.ts → a.ts',
    ]);
  });
  it('is an import against the layers, and a circle of packages', async () => {
    const made = await workspace({
      'packages/core/src/clock.ts': "import type { LEVEL } from '@test/machine';\nexport type Clock = typeof LEVEL;\n",
    });
    expect(await faultsOf(made)).toEqual([
      'packages/core/src/clock.ts imports @test/machine: layer core may not import machine',
      'packages import each other: @test/core → @test/machine → @test/core',
    ]);
  });
  it('is a strategy that imports another one', async () => {
    const made = await workspace({ 'strategies/second/src/index.ts': "import '@test/core';\nimport '@test/first';\n" });
    expect(await faultsOf(made)).toEqual([
      'strategies/second/src/index.ts imports @test/first: layer strategy may not import strategy',
    ]);
  });
  it('is a layer that may import what stands behind it', async () => {
    const made = await workspace({}, { ...LAYERS, core: ['machine'] as never[] });
    expect(await faultsOf(made)).toEqual([
      'layer core may import machine, which does not stand before it: that is an arrow upward',
    ]);
  });
  it('is an import of ours that leads nowhere', async () => {
    await expect(workspace({ 'harness/src/lost.ts': "import '@test/core/missing';\n" })).rejects.toThrow(
      'harness/src/lost.ts imports @test/core/missing, which is nowhere',
    );
  });
  it('is a package without a layer', async () => {
    const made = await workspace();
    writeFileSync(join(made.root, 'harness/package.json'), '{"name": "@test/harness"}');
    await expect(check(made, false)).rejects.toThrow(
      'harness/package.json: nx.tags names no layer, such as "layer:core"',
    );
  });
});
