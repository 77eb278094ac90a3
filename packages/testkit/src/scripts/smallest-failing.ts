/** Draws random cases until one fails, and shrinks that. */
import * as fc from 'fast-check';

/** What the smallest case that fails shows, or nothing. */
export function smallestFailing<Case, Shown>(
  cases: fc.Arbitrary<Case>,
  { runs, seed }: { readonly runs: number; readonly seed: number },
  check: (one: Case) => Shown | undefined,
): Shown | undefined {
  let smallest: Shown | undefined;
  fc.check(
    fc.property(cases, (one) => {
      const shown = check(one);
      // fast-check goes on from the last that fails: what is remembered last is the smallest.
      if (shown !== undefined) smallest = shown;
      return shown === undefined;
    }),
    { numRuns: runs, seed },
  );
  return smallest;
}
