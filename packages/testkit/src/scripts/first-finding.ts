/** Draws random scripts until one shows a finding, and shrinks that. */
import * as fc from 'fast-check';
import type { Finding } from '../finding.ts';
import type { RandomScript } from './arbitrary.ts';

/** What the smallest script that shows something shows, or nothing. */
export function firstFinding(
  scripts: fc.Arbitrary<RandomScript>,
  { runs, seed }: { readonly runs: number; readonly seed: number },
  check: (script: RandomScript) => Finding | undefined,
): Finding | undefined {
  let smallest: Finding | undefined;
  fc.check(
    fc.property(scripts, (script) => {
      const finding = check(script);
      // fast-check goes on from the last that fails: what is remembered last is the smallest.
      if (finding !== undefined) smallest = finding;
      return finding === undefined;
    }),
    { numRuns: runs, seed },
  );
  return smallest;
}
