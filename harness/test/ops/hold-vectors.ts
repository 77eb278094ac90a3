/** Tests that hold the program against the vectors of one page size. */
import type { VectorGranule } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../fixtures/temp-folder.ts';
import { differences, ourVectors, VECTOR_KERNELS, type VectorKernel, type VectorScript } from './vectors.ts';

/** Scripts that have a situation as their name; the others are random, and three times as many. */
const isNamed = ({ name }: VectorScript): boolean => name.startsWith('named-');

/** The scripts that have a name. `named` and `all` are how many our copy holds, so that a lost one shows. */
export function holdNamed(
  granule: VectorGranule,
  named: number,
  all: number,
  kernels: readonly VectorKernel[] = VECTOR_KERNELS,
): void {
  describe(`named op scripts with pages of ${granule.toUpperCase()}`, () => {
    const ours = ourVectors(granule, kernels);

    it(`are ${named} of ${all}`, () => {
      expect(ours).toHaveLength(all);
      expect(ours.filter(isNamed)).toHaveLength(named);
      expect(ours.every(({ expected }) => kernels.every(({ name }) => (expected.get(name)?.length ?? 0) > 2))).toBe(
        true,
      );
    });

    it.each(kernels)('agree with $name: $kernel with $strategy', async (kernel) => {
      expect(await differences(ours.filter(isNamed), kernel, granule, tempFolder())).toEqual([]);
    });
  });
}

/** The random scripts. */
export function holdRandom(granule: VectorGranule, kernels: readonly VectorKernel[] = VECTOR_KERNELS): void {
  describe(`random op scripts with pages of ${granule.toUpperCase()}`, () => {
    const ours = ourVectors(granule, kernels);

    it.each(kernels)('agree with $name: $kernel with $strategy', async (kernel) => {
      const random = ours.filter((script) => !isNamed(script));
      expect(random.length).toBeGreaterThan(100);
      expect(await differences(random, kernel, granule, tempFolder())).toEqual([]);
    });
  });
}
