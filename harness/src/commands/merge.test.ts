import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProofPage, type ResultDocument, resultDocumentSchema, SCHEMA_VERSION } from '@s2bench/report';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeCell, fakeResult } from '../../test/fixtures/fake-job.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { shardPlaces } from '../plan/shards.ts';
import { documentText, requireWhole } from '../report/results.ts';
import { mergeShards, readShards, type ShardDocument } from './merge.ts';

const FINGERPRINTS = { matrix: 'm', simulator: 's', strategies: 't', profiles: 'p' };

/** A whole result of some cells. */
function wholeOf(cells: number): ResultDocument {
  return resultDocumentSchema.parse({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 's2bench', version: '0.1.0' },
    command: 's2bench run --preset thread-2021',
    preset: 'thread-2021',
    title: 'a fixture',
    strategies: [{ name: 'quiet', summary: 'a fixture', source: 'none' }],
    kernels: [{ name: 'v5.12p1', summary: 'a fixture' }],
    profiles: [],
    counterexamples: ['a', 'b'].map(pageOf),
    cells: Array.from({ length: cells }, (_, place) =>
      place % 3 === 2
        ? { cell: fakeCell({ vcpus: place + 1 }), status: 'skipped', reason: `no ${place}` }
        : { cell: fakeCell({ vcpus: place + 1 }), status: 'ok', strategyVersion: '1', stages: {} },
    ),
  });
}

function pageOf(name: string): ProofPage {
  const broken = [{ rule: 'r', sentence: 's', world: 'w', text: 't' }];
  return { file: `counterexamples/${name}.md`, strategy: name, history: 'h', fwb: false, command: 'c', broken };
}

/** The documents of the shards of a whole. */
function shardsOf(whole: ResultDocument, count: number): [ShardDocument, ...ShardDocument[]] {
  const cells = whole.cells.map(({ cell }) => cell);
  const one = (index: number): ShardDocument => {
    const places = shardPlaces(cells, { index, count });
    const shard = { index, count, places, matrixCells: cells.length, fingerprints: FINGERPRINTS };
    // The last of them knows both pages, the others one.
    const counterexamples = whole.counterexamples?.filter((_, nth) => index === count || nth === index % 2);
    const part = { ...whole, shard, counterexamples, cells: whole.cells.filter((_, place) => places.includes(place)) };
    return { file: `${index}.json`, shard, document: resultDocumentSchema.parse(part) };
  };
  return [one(1), ...Array.from({ length: count - 1 }, (_, nth) => one(nth + 2))];
}

describe('mergeShards', () => {
  it('gives the bytes of one run, for any number of shards in any order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }).chain((count) =>
          fc.record({
            cells: fc.integer({ min: 0, max: 12 }),
            order: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
          }),
        ),
        ({ cells, order }) => {
          const whole = wholeOf(cells);
          const shards = shardsOf(whole, order.length);
          const shuffled = order.flatMap((nth) => shards[nth] ?? []);
          expect(documentText(mergeShards(shuffled))).toBe(documentText(whole));
        },
      ),
    );
  });

  const [first, second, third] = shardsOf(wholeOf(5), 3) as [ShardDocument, ShardDocument, ShardDocument];
  const changed = (document: Partial<ResultDocument>, shard: Partial<ShardDocument['shard']> = {}): ShardDocument => ({
    file: 'odd.json',
    document: { ...second.document, ...document },
    shard: { ...second.shard, ...shard },
  });

  it.each<[string, ShardDocument[], string]>([
    ['a shard that is missing', [first, third], '1.json: of its run, shard 2/3 is missing; run it with --shard 2/3'],
    [
      'several that are missing',
      [first],
      '1.json: of its run, shard 2/3 is missing, and 1 more; run it with --shard 2/3',
    ],
    [
      'a shard that is there twice',
      [first, second, { ...second, file: 'copy.json' }],
      'copy.json: is shard 2/3, as 2.json is; name each shard once',
    ],
    [
      'another matrix',
      [first, changed({ command: 's2bench run --vcpus 3' })],
      "odd.json: the command differs from 1.json's: s2bench run --vcpus 3, there s2bench run --preset thread-2021; shards of one run only can be merged",
    ],
    [
      'another version',
      [first, changed({ tool: { name: 's2bench', version: '0.2.0' } })],
      "odd.json: the version of s2bench differs from 1.json's: 0.2.0, there 0.1.0; ",
    ],
    [
      'another number of shards',
      [first, changed({}, { count: 4 })],
      "odd.json: the number of shards differs from 1.json's: 4, there 3; ",
    ],
    [
      'another profile',
      [first, changed({}, { fingerprints: { ...FINGERPRINTS, profiles: 'q' } })],
      "odd.json: a machine profile differs from 1.json's; ",
    ],
    [
      'another kernel model',
      [first, changed({ kernels: [{ name: 'v5.12p1', summary: 'another one' }] })],
      "odd.json: a kernel model differs from 1.json's; ",
    ],
    [
      'another simulator',
      [first, changed({}, { fingerprints: { ...FINGERPRINTS, simulator: 'q' } })],
      "odd.json: the simulator differs from 1.json's; ",
    ],
    [
      'a place that is taken',
      [first, changed({}, { places: [0, 1] }), third],
      'odd.json: shard.places.0: place 0 is taken',
    ],
    [
      'a place outside',
      [first, changed({}, { places: [9] }), third],
      'odd.json: shard.places.0: place 9 is outside of the matrix',
    ],
    [
      'another page under one name',
      [first, changed({ counterexamples: [{ ...pageOf('b'), command: 'x' }] }), third],
      'counterexamples/b.md is not the one of',
    ],
  ])('refuses %s', (_, shards, message) => {
    expect(() => mergeShards(shards)).toThrow(message);
  });
});

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
    ['a preset that is a path', textOf({ preset: '../../x' }), 'a.json: preset: must be lower-case words'],
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
