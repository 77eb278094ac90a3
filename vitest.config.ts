import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['packages/*', 'strategies/*', 'harness', 'tools'],
    passWithNoTests: true,
    reporters: ['default', 'json'],
    outputFile: { json: '.results/vitest.json' },
    coverage: {
      provider: 'v8',
      include: ['{packages,strategies}/*/src/**/*.ts', 'harness/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts'],
    },
  },
});
