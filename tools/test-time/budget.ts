/** How much processor time a test file may take, and which may take more. */

/** Milliseconds of the processor, on a machine that has not much else to do. */
export const BUDGET_MS = 15_000;

/** Files that may take more, in milliseconds: each with the reason. */
export const EXCEPTIONS: Readonly<Record<string, { readonly ms: number; readonly why: string }>> = {
  'harness/test/verify.test.ts': { ms: 25_000, why: 'each test is a run of the program with threads of its own' },
  'harness/test/run.test.ts': { ms: 25_000, why: 'each test is a run of the program with threads of its own' },
  'packages/zoo/src/conformance.test.ts': {
    ms: 25_000,
    why: 'the suite is held against each of some seventy specimens',
  },
};

/** What is over its budget, a line each; and exceptions that nothing needs. */
export function overBudget(
  takenMs: Readonly<Record<string, number>>,
  exceptions: typeof EXCEPTIONS = EXCEPTIONS,
): string[] {
  const over = Object.entries(takenMs).flatMap(([file, ms]) => {
    const most = exceptions[file]?.ms ?? BUDGET_MS;
    if (ms <= most) return [];
    return [
      `${file}: ${secondsText(ms)} of processor time, ${secondsText(most)} at most; what is exhaustive goes to a *.exhaustive.test.ts`,
    ];
  });
  const gone = Object.keys(exceptions).filter((file) => takenMs[file] === undefined);
  return [...over, ...gone.map((file) => `${file}: has an exception in tools/test-time/budget.ts, and no test ran`)];
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
