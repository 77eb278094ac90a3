/** Which of many counterexamples are shown. */
import type { Counterexample, VerifyResult } from '@s2bench/verify';

/** The shortest counterexample of each strategy and rule; of several as short the first. */
export function shortestOfEach(results: readonly VerifyResult[]): Counterexample[] {
  const shortest = new Map<string, Counterexample>();
  for (const { counterexample } of results) {
    if (counterexample === undefined) continue;
    const key = `${counterexample.strategy} ${counterexample.rule}`;
    const best = shortest.get(key);
    if (best === undefined || isShorter(counterexample, best)) shortest.set(key, counterexample);
  }
  return [...shortest.values()];
}

/** Single steps first, since the search is for the fewest of these; then turns. */
function isShorter(one: Counterexample, other: Counterexample): boolean {
  const steps = one.schedule.length - other.schedule.length;
  return steps < 0 || (steps === 0 && one.rows.length < other.rows.length);
}
