import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

const conditions = ['@s2bench/source'];

/** What every package's tests share: the sources are run, never a build. */
export function project(name: string): UserWorkspaceConfig {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name,
      environment: 'node',
      // For hangs. Exhaustive searches take their time on a busy machine, and speed is a benchmark's business.
      testTimeout: 120_000,
      // Vitest leaves one core to itself: of two that is half, while it waits most of the time.
      maxWorkers: '100%',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      typecheck: {
        enabled: true,
        include: ['src/**/*.test-d.ts', 'test/**/*.test-d.ts'],
        tsconfig: 'tsconfig.test.json',
      },
    },
  });
}
