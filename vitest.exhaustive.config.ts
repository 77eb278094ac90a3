import { defineConfig } from 'vitest/config';
import { EXHAUSTIVE, LATER_SUITES, SHARED } from './vitest.shared.ts';

/** A strategy in all named worlds: `nx run STRATEGY:verify` explores them too, and S2BENCH_LONG=1 does it here. */
const LONG = process.env['S2BENCH_LONG'] === '1' ? [] : ['**/strategies/*/src/index.exhaustive.test.ts'];

/** The exhaustive tests below the folder where Vitest is started: of all packages, or of one. */
export default defineConfig({
  ...SHARED,
  test: {
    ...SHARED.test,
    include: [EXHAUSTIVE, `**/${LATER_SUITES}`],
    exclude: ['**/node_modules/**', ...LONG],
    reporters: ['default', 'json'],
    outputFile: { json: '.results/vitest-exhaustive.json' },
  },
});
