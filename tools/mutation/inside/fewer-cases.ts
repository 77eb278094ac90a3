/**
 * fast-check for the tests of mutants: always the same cases, and 25 of them at most. What survives those might die of
 * more, so that the score is a lower bound.
 */
import * as fc from 'fast-check';

export * from 'fast-check';

const MOST_RUNS = Number(process.env['S2BENCH_MUTATION_RUNS'] ?? 25);

// A mutant that fails once is dead: nobody reads the smallest case that kills it.
fc.configureGlobal({ seed: 20210208, endOnFailure: true });

function few(parameters: fc.Parameters<unknown> | undefined): fc.Parameters<unknown> {
  return { ...parameters, numRuns: Math.min(MOST_RUNS, parameters?.numRuns ?? MOST_RUNS) };
}

/** As fast-check's own. */
export const assert = ((property: fc.IRawProperty<unknown>, parameters?: fc.Parameters<unknown>) =>
  fc.assert(property, few(parameters))) as typeof fc.assert;

/** As fast-check's own. */
export const check = ((property: fc.IRawProperty<unknown>, parameters?: fc.Parameters<unknown>) =>
  fc.check(property, few(parameters))) as typeof fc.check;
