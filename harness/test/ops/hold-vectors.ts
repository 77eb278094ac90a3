/** The tests of one page size; a file each, so that they run at the same time. */
import type { VectorGranule } from '@s2bench/testkit';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../fixtures/temp-folder.ts';
import { differences, givenVectors, ourVectors, VECTOR_KERNELS, type VectorScript } from './vectors.ts';

/** Declares the tests. `scripts` is how many our copy holds, so that a lost one shows. */
export function holdVectors(granule: VectorGranule, scripts: number): void {
  describe(`op scripts with pages of ${granule.toUpperCase()}`, () => {
    const ours = ourVectors(granule);

    it(`come to ${scripts}`, () => {
      expect(ours).toHaveLength(scripts);
      expect(
        ours.every(({ expected }) => VECTOR_KERNELS.every(({ name }) => (expected.get(name)?.length ?? 0) > 2)),
      ).toBe(true);
    });

    it.each(VECTOR_KERNELS)('agree with $name: $kernel with $strategy', async (kernel) => {
      expect(await differences(ours, kernel, granule, tempFolder())).toEqual([]);
    });

    it('agree with all that are given beside the clone', async ({ annotate }) => {
      const given = givenVectors(granule);
      if (given === undefined) {
        await annotate(
          `no vectors beside the clone (../shared/reference/vectors): held against our copy of ${ours.length}`,
        );
        return;
      }
      expect(given.length).toBeGreaterThanOrEqual(scripts);
      const checked = new Set(ours.map(fingerprint));
      const others = given.filter((script) => !checked.has(fingerprint(script)));
      for (const kernel of VECTOR_KERNELS) expect(await differences(others, kernel, granule, tempFolder())).toEqual([]);
    });
  });
}

/** All that a script and its results consist of: what is equal need not run twice. */
function fingerprint({ name, script, expected }: VectorScript): string {
  return JSON.stringify([name, script, VECTOR_KERNELS.map((kernel) => expected.get(kernel.name))]);
}
