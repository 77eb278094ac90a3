/** What the runner asks the process with the tests, and what that answers. */

/** How often each mutant was met, those that were. */
export type Reached = Readonly<Record<string, number>>;

/** A mutant, and the tests that reach it, those first that are to be run first. */
export interface Target {
  readonly id: string;
  readonly by: readonly { readonly test: number; readonly hits: number }[];
}

/** In the place of the duration of a test that cannot be used. */
export const UNFIT = -1;

/** What is asked for. */
export type Wish = { readonly do: 'cover' } | { readonly do: 'kill'; readonly targets: readonly Target[] };

/** What is said. */
export type Answer =
  | {
      readonly kind: 'covered';
      /** Tests that fail without any mutant, with as few cases as they get. */
      readonly failed: readonly string[];
      /** By test; {@link UNFIT} of those. */
      readonly durationsMs: readonly number[];
      readonly whileLoading: Reached;
    }
  /** Where a test has been. A line for each: what ends with its process may lose the rest of a long one. */
  | { readonly kind: 'reached'; readonly test: number; readonly reached: Reached }
  /** Another test has been run, or begins: for whoever waits. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'ended'; readonly id: string; readonly status: 'Killed' | 'Timeout' | 'Survived' }
  /** A test that was fit, and fails without any mutant now: what mutants have left behind makes it. */
  | { readonly kind: 'broken'; readonly test: string };
