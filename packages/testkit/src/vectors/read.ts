/** Reads the vectors that lie in `@s2bench/kernel`: what real kernels did with op scripts. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** The kernels of the vectors, each with the kernel model that it is run on. */
export const VECTOR_KERNELS = {
  'v5.11': 'v5.11',
  'v5.12': 'v5.12',
  'v5.12p1': 'v5.12p1',
  'v5.12p1rfc': 'v5.12p1',
  'v5.12rfc': 'v5.12',
  'v5.14': 'v5.14',
  'v6.1': 'v6.1',
  'v6.4': 'v6.4',
  'v6.6': 'v6.6',
  'v6.12': 'v6.12',
  'v7.1': 'v7.1',
} as const;
/** A kernel of the vectors. */
export type VectorKernelName = keyof typeof VECTOR_KERNELS;

/** Page sizes, as the vectors' files name them. */
export type VectorGranule = '4k' | '16k' | '64k';

/** A script, and what each kernel did with it: a value per op, then `{final}`, then `{destroy}`. */
export interface VectorScript {
  /** `named-…` are in the long form, the others in the short one. */
  readonly name: string;
  readonly script: string;
  readonly expected: Readonly<Record<VectorKernelName, readonly unknown[]>>;
}

/** What stands in a file of its own: not every reader wants as much. */
const LATER_KERNELS: readonly VectorKernelName[] = ['v5.14', 'v6.1', 'v6.4', 'v6.6', 'v6.12', 'v7.1'];

/**
 * Reads the vectors of a page size.
 *
 * @param kernels - those that are asked for; what the others did may be missing
 * @param oneIn - only one script in so many, the first one among them
 */
export function readVectors(
  granule: VectorGranule,
  kernels: readonly VectorKernelName[],
  oneIn = 1,
): readonly VectorScript[] {
  const vectors = readFile(granule, oneIn);
  if (!kernels.some((kernel) => LATER_KERNELS.includes(kernel))) return vectors;
  const later = new Map(readFile(`${granule}-later`, oneIn).map(({ name, expected }) => [name, expected]));
  return vectors.map((vector) => ({ ...vector, expected: { ...vector.expected, ...later.get(vector.name) } }));
}

/** Samples that were read: the suites of several strategies in one process want the same. */
const samples = new Map<string, readonly VectorScript[]>();

/** The lines of both files are the same scripts in the same order. */
function readFile(name: string, oneIn: number): readonly VectorScript[] {
  const key = `${name} ${oneIn}`;
  const found = samples.get(key) ?? parseFile(name, oneIn);
  // All of a file is tens of megabytes, which nobody wants twice.
  if (oneIn > 1) samples.set(key, found);
  return found;
}

function parseFile(name: string, oneIn: number): VectorScript[] {
  const kernel = dirname(createRequire(import.meta.url).resolve('@s2bench/kernel/package.json'));
  const text = brotliDecompressSync(readFileSync(join(kernel, 'vectors', `${name}.ndjson.br`))).toString();
  return text
    .trimEnd()
    .split('\n')
    .filter((_, index) => index % oneIn === 0)
    .map((line) => JSON.parse(line) as VectorScript);
}
