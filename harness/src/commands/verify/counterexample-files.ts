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
      counterexample === undefined
        ? []
        : [[counterexampleFile(counterexample), `${JSON.stringify(counterexample, null, 2)}\n`] as const],
    ),
  );
}
