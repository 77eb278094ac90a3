import { defineConfig } from 'vitest/config';
import { EXHAUSTIVE, SHARED } from './vitest.shared.ts';

/** The exhaustive tests below the folder where Vitest is started: of all packages, or of one. */
export default defineConfig({
  ...SHARED,
  test: {
    ...SHARED.test,
    include: [EXHAUSTIVE],
    reporters: ['default', 'json'],
    outputFile: { json: '.results/vitest-exhaustive.json' },
  },
});
