/** Vitest, which comes with whoever tests and not with this package. */
import type * as vitest from 'vitest';

type Vitest = typeof vitest;

/** What keeps a suite from being declared, in one line: what stands above it in a stack would be of this package. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';

  constructor(message: string) {
    super(`@s2bench/testkit: ${message}`);
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Loads Vitest.
 *
 * @throws RunnerError where it is not installed
 */
export async function loadVitest(load: () => Promise<Vitest> = () => import('vitest')): Promise<Vitest> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new RunnerError(
      'needs Vitest 5 or newer, which does not come with it: npm install --save-dev vitest (@s2bench/testkit/conformance needs no test runner)',
    );
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes("'vitest'")
  );
}

/**
 * Refuses to declare a suite where nobody runs it; Vitest says of itself where it runs.
 *
 * @throws RunnerError outside of Vitest
 */
export function requireRun(environment: Readonly<Record<string, string | undefined>> = process.env): void {
  if (environment['VITEST'] === undefined)
    throw new RunnerError(
      'testStrategy declares a suite of Vitest: run its file with npx vitest run FILE, not as it is',
    );
}
