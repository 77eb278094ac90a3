/** Counterexamples as files, each of which can be run again. */
import type { Counterexample, VerifyResult } from '@s2bench/verify';

/** The name of a counterexample's file: what it breaks, and where. */
export function counterexampleFile({ strategy, rule, world, history, fwb }: Counterexample): string {
  // A strategy's options are no part of a path.
  return `${[strategy.replaceAll(/[^\w-]+/g, '-'), rule, world, history, ...(fwb ? ['fwb'] : [])].join('.')}.json`;
}

/** A file for each counterexample: name to content. */
export function counterexampleFiles(results: readonly VerifyResult[]): Map<string, string> {
  return new Map(
    results.flatMap(({ counterexample }) =>
      counterexample === undefined ? [] : [[counterexampleFile(counterexample), `${JSON.stringify(counterexample, null, 2)}\n`] as const],
    ),
  );
}

/** The shortest counterexample of each strategy and rule; of several the first. */
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
