import { type ProofPage, resultDocumentSchema, type ResultDocument, SCHEMA_VERSION } from '@s2bench/report';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeCell } from '../../test/fixtures/fake-job.ts';
import { documentText } from '../results/report-files.ts';
import { shardPlaces } from './assign.ts';
import { mergeShards } from './merge.ts';
import type { ShardDocument } from './read.ts';

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
  ])('refuses %s', (_, shards, message) => {
    expect(() => mergeShards(shards)).toThrow(message);
  });
});
