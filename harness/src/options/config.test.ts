import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { readConfig } from './config.ts';

function folderWith(files: Record<string, string>): string {
  const folder = tempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const readIn = (files: Record<string, string>, named?: string) => readConfig(folderWith(files), named);

describe('readConfig', () => {
  it('finds nothing where nothing is', async () => {
    expect(await readIn({})).toBeUndefined();
  });

  it('takes values as numbers, texts, lists of both, or a comma-separated text', async () => {
    const found = await readIn({
      's2bench.config.json': '{"vcpus": [1, "2"], "memory": "1G,2G", "seed": 3, "jobs": 2}',
    });
    expect(found?.displayName).toBe('s2bench.config.json');
    expect(found?.config).toEqual({ vcpus: ['1', '2'], memory: ['1G', '2G'], seed: ['3'], jobs: 2 });
  });

  it('reads the file that is named, and only that', async () => {
    const found = await readIn({ 's2bench.config.json': '{"vcpus": 1}', 'other.json': '{"vcpus": 2}' }, 'other.json');
    expect(found?.config.vcpus).toEqual(['2']);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ 's2bench.config.json': '{\n  "vcpus": 1,\n}' }, /^s2bench\.config\.json: not JSON: .*line 3 column 1/],
    [{ 's2bench.config.json': '{"vcpu": 1}' }, /^s2bench\.config\.json: vcpu: unknown key; did you mean vcpus\?$/],
    [
      { 's2bench.config.json': '{"presets": {"a": {"memroy": "1G"}}}' },
      /: presets\.a\.memroy: unknown key; did you mean memory\?$/,
    ],
    [
      { 's2bench.config.json': '{"qqqqqqqq": 1}' },
      /: qqqqqqqq: unknown key; the keys are strategy, logStart, logStop, vcpus/,
    ],
    [
      { 's2bench.config.json': '{"vcpus": {"a": 1}}' },
      /^s2bench\.config\.json: vcpus: must be a value or a list of values$/,
    ],
    [{ 's2bench.config.json': '{"jobs": "2"}' }, /^s2bench\.config\.json: jobs: .*number/],
    [{ 's2bench.config.json': '[]' }, /^s2bench\.config\.json: the document: /],
    [
      { 's2bench.config.json': '{}', 's2bench.config.ts': '' },
      /^s2bench\.config\.ts: s2bench\.config\.json is there too/,
    ],
  ])('refuses %j in one line', async (files, message) => {
    const reading = readIn(files);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.not.stringContaining('\n') as string,
    });
  });

  it.each(['cellTimeout', 'jobs'])('holds %s to what its flag takes', async (key) => {
    for (const value of ['1e12', '0', '-1', '0.5', '1e309', '-0.0', '"1"', 'null', 'true', '[1]', '9007199254740993']) {
      const reading = readIn({ 's2bench.config.json': `{"${key}": ${value}}` });
      await expect(reading, value).rejects.toThrow(`: ${key}: must be a number: a whole one from 1 to `);
    }
    for (const value of ['NaN', 'Infinity', '1n', '() => 1', 'new Date()']) {
      const reading = readIn({ 's2bench.config.ts': `export default { ${key}: ${value} }` });
      await expect(reading, value).rejects.toThrow(`: ${key}: `);
    }
  });

  it('refuses a file that is not there, or of another kind', async () => {
    await expect(readIn({}, 'none.json')).rejects.toThrow('none.json: cannot be read');
    await expect(readIn({}, 'none.ts')).rejects.toThrow('none.ts: there is no such file');
    await expect(readIn({ 'a.yaml': '' }, 'a.yaml')).rejects.toThrow('a.yaml: must be a .ts, .js or .json file');
  });
});
