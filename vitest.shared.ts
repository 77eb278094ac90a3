import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultExclude, defineProject, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@s2bench/source'];

/** What goes through all that there is of something, for minutes: `npm run test:exhaustive` runs it, `npm test` does not. */
export const EXHAUSTIVE = '**/*.exhaustive.test.ts';

/**
 * The suites of strategies that differ from another by order or by one word. All suites ask the same of a strategy, so
 * that `npm test` runs one of each kind; these run with what is exhaustive, and alone with their package.
 */
export const LATER_SUITES =
  'strategies/{by-tables,clean-before-break,clean-holes,full-population-check,install-first-uniform-cmo,population-by-count,range-flush,upstream-5-14}/src/index.test.ts';

// What one worker has compiled the next one takes: workers of Vitest, threads and programs that tests start.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');

// Nx asks for colours in the name of its terminal, and a test reads what a program says where there is none.
delete process.env['FORCE_COLOR'];

const HANGS_MS = 900_000;

/** What all tests share: the sources are run, never a build. */
export const SHARED = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    // No folder: a test must not hang on what an earlier one has kept for its user, nor leave anything there.
    env: { XDG_CACHE_HOME: '/dev/null' },
    setupFiles: new URL('tools/test-time/processor-time.ts', import.meta.url).pathname,
    // For hangs alone: a busy machine takes its time, and speed is a benchmark's business.
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    // Vitest leaves one core to itself: of two that is half, while it waits most of the time.
    maxWorkers: '100%',
    // Node loads the sources as they are, as it does in a clone. Through Vite every use of an import is a look into an
    // object, and a search takes twice as long. What it costs is the mocking of modules, which no test here needs.
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
} as const;

/** A package's tests. */
export function project(name: string): UserWorkspaceConfig {
  return defineProject({
    ...SHARED,
    test: {
      ...SHARED.test,
      name,
      // A worker keeps what it has loaded from file to file: most files take less time than what they import.
      isolate: false,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: [...defaultExclude, EXHAUSTIVE],
      typecheck: {
        enabled: true,
        include: ['src/**/*.test-d.ts', 'test/**/*.test-d.ts'],
        tsconfig: 'tsconfig.test.json',
      },
    },
  });
}
