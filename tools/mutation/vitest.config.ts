/** How the tests of one package run while sources are mutated: always the same cases, and the quickest files first. */
import { defineConfig, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { project } from '../../vitest.shared.ts';

/** Milliseconds of each test file in the run before the first mutant. Later runs end at the first test that fails. */
const durations = new Map<string, number>();

/** One failure is enough to kill a mutant, and quick tests find most of them. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    for (const file of files) {
      const duration = this.ctx.cache.getTestSpecificationResult(file)?.duration;
      if (duration !== undefined && !durations.has(file.moduleId)) durations.set(file.moduleId, duration);
    }
    const durationOf = ({ moduleId }: TestSpecification): number => durations.get(moduleId) ?? 0;
    return (await super.sort(files)).sort((one, other) => durationOf(one) - durationOf(other));
  }
}

export default mergeConfig(
  project('mutated'),
  defineConfig({
    test: {
      // The types of mutants are nobody's business.
      typecheck: { enabled: false },
      isolate: false,
      setupFiles: [new URL('fixed-seed.ts', import.meta.url).pathname],
      sequence: { sequencer: QuickestFirst },
    },
  }),
);
