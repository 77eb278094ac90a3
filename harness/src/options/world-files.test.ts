/** Files of worlds: what they may hold, and in one line what is wrong with one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import { readSettings } from './verify-request.ts';
import { readWorldFiles } from './world-files.ts';

const WORLD = {
  name: 'mine',
  purpose: 'a test',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['fresh', 'logging-first'],
  vcpus: [{ caches: true, steps: ['r0'] }],
  host: [],
};

function folderWith(files: Record<string, string>): string {
  const folder = tempFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('the files of --world', () => {
  it('hold a world or a list of them, beside names', async () => {
    const folder = folderWith({
      'one.json': JSON.stringify(WORLD),
      'two.ts': `const name: string = 'other';\nexport default [{ ...${JSON.stringify(WORLD)}, name }];`,
    });
    const text = './one.json,two.ts,crowd';
    const files = await readWorldFiles(text, folder);
    const settings = readSettings({ world: text, fwb: 'on' }, files);
    expect(settings.map(({ world, history }) => `${world.name} ${history}`)).toEqual([
      'crowd logging-first',
      'crowd block-first',
      'mine fresh',
      'mine logging-first',
      'other fresh',
      'other logging-first',
    ]);
  });

  it('may be named by the zoo, whose worlds are loaded where one is asked for', async () => {
    const text = 'zoo-first-page-only,partial-table';
    const settings = readSettings({ world: text, fwb: 'on' }, await readWorldFiles(text, tempFolder()));
    expect(new Set(settings.map(({ world }) => world.name))).toEqual(new Set(['partial-table', 'zoo-first-page-only']));
    const unknown = readWorldFiles('zoo-first-page', tempFolder());
    await expect(unknown).rejects.toThrow(/^--world zoo-first-page: unknown world; did you mean zoo-first-page-only\?/);
  });

  it.each<[string, string, string, string]>([
    ['what is no JSON', 'a.json', '{"name":', ': not JSON, or cut off: '],
    [
      'a world that makes no sense',
      'a.json',
      JSON.stringify({ ...WORLD, host: [{ do: 'delete' }] }),
      ": host.0.do: 'del",
    ],
    [
      'one of a list',
      'a.json',
      JSON.stringify([WORLD, { ...WORLD, name: 'b', levels: 1 }]),
      ': 1: levels: 1 levels are',
    ],
    ['an empty list', 'a.json', '[]', ': an empty list; must hold a world'],
    ['a name twice', 'a.json', JSON.stringify([WORLD, WORLD]), ': name: mine is the name of a world of ./a.json too'],
    ['a module that throws', 'a.ts', "throw new Error('not today')", ': cannot be loaded: not today'],
    ['a module without a default export', 'a.ts', 'export const world = 1;', ': has no default export; write'],
  ])('%s is refused', async (_, name, text, message) => {
    const reading = readWorldFiles(`./${name}`, folderWith({ [name]: text }));
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.toThrow(`--world ./${name}${message}`);
    await expect(reading).rejects.toThrow(/^[^\n]*$/);
  });
  it('may have the name of a world of ours, but not beside it', async () => {
    const cwd = folderWith({ 'a.json': JSON.stringify({ ...WORLD, name: 'crowd' }) });
    expect((await readWorldFiles('./a.json,partial-table', cwd)).get('./a.json')).toMatchObject([{ name: 'crowd' }]);
    const beside = '--world ./a.json: name: crowd is the name of a world of s2bench; must be another one';
    await expect(readWorldFiles('crowd,./a.json', cwd)).rejects.toThrow(beside);
    await expect(readWorldFiles('all,./a.json', cwd)).rejects.toThrow(beside);
  });
});
