/**
 * The named vectors, run in this process: what real kernels did, op by op, in milliseconds. All vectors are run by the
 * program's own tests.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kernelModelOf } from '../src/kernel-model.ts';
import { runScript } from '../src/ops/run.ts';
import { parseScript } from '../src/ops/script.ts';
import { BLOCK_FIRST, BREAK_FIRST, FREE_LAST, INSTALL_FIRST } from './fixtures.ts';

/** The kernels of the vectors: the kernel model, and the order of the visitors. */
const KERNELS = {
  'v5.11': ['v5.11', BREAK_FIRST],
  'v5.12': ['v5.12', BREAK_FIRST],
  'v5.12p1': ['v5.12p1', BREAK_FIRST],
  'v5.12rfc': ['v5.12', INSTALL_FIRST],
  'v5.12p1rfc': ['v5.12p1', INSTALL_FIRST],
  'v5.14': ['v5.14', FREE_LAST],
  'v6.1': ['v6.1', FREE_LAST],
  'v6.4': ['v6.4', BLOCK_FIRST],
  'v6.6': ['v6.6', BLOCK_FIRST],
  'v6.12': ['v6.12', BLOCK_FIRST],
  'v7.1': ['v7.1', BLOCK_FIRST],
} as const;
type KernelName = keyof typeof KERNELS;

/** What the page size changes it changes for every kernel alike: two of them show it. */
const PAGE_SIZES: readonly [pageSize: string, pageSizeBytes: number, scripts: number, kernels: KernelName[]][] = [
  [
    '4k',
    4096,
    50,
    ['v5.11', 'v5.12', 'v5.12p1', 'v5.12rfc', 'v5.12p1rfc', 'v5.14', 'v6.1', 'v6.4', 'v6.6', 'v6.12', 'v7.1'],
  ],
  ['16k', 16384, 44, ['v5.11', 'v5.12p1rfc', 'v6.1', 'v7.1']],
  ['64k', 65536, 44, ['v5.12rfc', 'v5.12p1', 'v5.14', 'v6.6']],
];

interface Vector {
  readonly name: string;
  readonly script: string;
  readonly expected: Readonly<Record<KernelName, readonly unknown[]>>;
}

function namedVectors(pageSize: string): Vector[] {
  const later = new Map(linesOf(`${pageSize}-later`).map(({ name, expected }) => [name, expected]));
  return linesOf(pageSize).map(({ name, script, expected }) => ({
    name,
    script,
    expected: { ...expected, ...later.get(name) },
  }));
}

function linesOf(file: string): Vector[] {
  const packed = readFileSync(new URL(`../vectors/${file}.ndjson.br`, import.meta.url));
  const lines = brotliDecompressSync(packed).toString().trimEnd().split('\n');
  return lines.filter((line) => line.startsWith('{"name":"named-')).map((line) => JSON.parse(line) as Vector);
}

describe.each(PAGE_SIZES)('vectors with pages of %s', (pageSize, pageSizeBytes, scripts, kernels) => {
  const vectors = namedVectors(pageSize);

  it.each(kernels)('of %s', (name) => {
    const [model, strategy] = KERNELS[name];
    expect(vectors).toHaveLength(scripts);
    const options = { kernel: kernelModelOf(model), strategy, pageSizeBytes, form: 'long' } as const;
    for (const vector of vectors) {
      const results = [...runScript(parseScript(vector.script), options)];
      const wanted = vector.expected[name];
      const wrong = results.findIndex((result, index) => JSON.stringify(result) !== JSON.stringify(wanted[index]));
      expect(results[wrong], `${vector.name}, op ${wrong}`).toEqual(wanted[wrong]);
      expect(results, vector.name).toHaveLength(wanted.length);
    }
  });
});
