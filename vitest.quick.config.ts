import { defaultExclude, defineConfig } from 'vitest/config';
import { EXHAUSTIVE, LATER_SUITES, SHARED } from './vitest.shared.ts';

/**
 * What `npm test` runs: the quick tests of all packages as one project. `vitest.config.ts` has a project for each package,
 * which `--project NAME` runs; here each would have workers of its own, which load and compile the same code again.
 */
export default defineConfig({
  ...SHARED,
  test: {
    ...SHARED.test,
    isolate: false,
    include: [
      '{packages,strategies}/*/{src,test}/**/*.test.ts',
      'harness/{src,test}/**/*.test.ts',
      'tools/**/*.test.ts',
    ],
    exclude: [...defaultExclude, EXHAUSTIVE, LATER_SUITES],
    typecheck: {
      enabled: true,
      include: ['packages/core/test/**/*.test-d.ts'],
      tsconfig: 'packages/core/tsconfig.test.json',
    },
    reporters: ['default', 'json', './tools/test-time/reporter.ts'],
    outputFile: { json: '.results/vitest.json' },
  },
});
