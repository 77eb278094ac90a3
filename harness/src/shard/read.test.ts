import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_VERSION } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { fakeResult } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { readShards, requireWhole } from './read.ts';

const shard = {
  index: 1,
  count: 1,
  places: [0],
  matrixCells: 1,
  fingerprints: { matrix: 'm', simulator: 's', strategies: 't', profiles: 'p' },
};
const document = {
  schemaVersion: SCHEMA_VERSION,
  tool: { name: 's2bench', version: '0.1.0' },
  command: 's2bench run',
  strategies: [],
  profiles: [],
  cells: [fakeResult()],
};

const textOf = (different: object): string => JSON.stringify({ ...document, shard, ...different });

describe('readShards', () => {
  it('reads what a shard has written', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'a.json'), textOf({}));
    expect(readShards(['a.json'], cwd)).toMatchObject([{ file: 'a.json', shard, document }]);
  });

  it.each<[string, string | undefined, string]>([
    ['a file that is not there', undefined, 'a.json: cannot be read: ENOENT'],
    ['a file that is cut off', textOf({}).slice(0, 200), 'a.json: cut off: '],
    ['another schema version', textOf({ schemaVersion: 99 }), 'a.json: schemaVersion: is 99, must be '],
    [
      'a whole result',
      textOf({ shard: undefined }),
      'a.json: is no shard but a whole result; shards are written by "s2bench run --shard INDEX/COUNT"',
    ],
    [
      'a shard beyond the last',
      textOf({ shard: { ...shard, index: 2 } }),
      'a.json: shard.index: is 2, must be at most 1',
    ],
    ['a shard that lacks cells', textOf({ cells: [] }), 'a.json: shard.places: has 1 places for 0 cells'],
  ])('refuses %s in one line', (_, text, message) => {
    const cwd = tempFolder();
    if (text !== undefined) writeFileSync(join(cwd, 'a.json'), text);
    expect(() => readShards(['a.json'], cwd)).toThrow(message);
    expect(() => readShards(['a.json'], cwd)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});

describe('requireWhole', () => {
  it('refuses a shard, and lets a whole pass', () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'a.json'), textOf({}));
    const [read] = readShards(['a.json'], cwd);
    if (read === undefined) throw new Error('not read');
    expect(() => {
      requireWhole('a.json', read.document);
    }).toThrow('a.json: is shard 1/1 of a result; put all of them together first, with "s2bench merge"');
    const { shard: _, ...whole } = read.document;
    expect(() => {
      requireWhole('a.json', whole);
    }).not.toThrow();
  });
});
