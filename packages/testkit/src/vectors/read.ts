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

/** Reads the vectors of a page size. */
export function readVectors(granule: VectorGranule): VectorScript[] {
  const kernel = dirname(createRequire(import.meta.url).resolve('@s2bench/kernel/package.json'));
  const text = brotliDecompressSync(readFileSync(join(kernel, 'vectors', `${granule}.ndjson.br`))).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as VectorScript);
}
