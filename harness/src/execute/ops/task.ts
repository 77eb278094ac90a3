/** What travels between `s2bench ops` and the thread that runs its scripts, plain values only. */
import type { OpForm, Script } from '@s2bench/kernel/ops';

/** A script and what the user called it. */
export interface NamedScript {
  readonly file: string;
  readonly script: Script;
}

/** Scripts to be run with one strategy. */
export interface OpsTask {
  readonly entryUrl: string;
  /** A kernel model's name, with its options. */
  readonly kernel: string;
  readonly pageSizeBytes: number;
  readonly form: OpForm;
  readonly scripts: readonly NamedScript[];
  /** Counts the strategy's visits, so that one that does not return is seen. */
  readonly pulse: SharedArrayBuffer;
  /** One number: chunks that were said and are not written yet. */
  readonly waiting: SharedArrayBuffer;
}

/** What the thread says. */
export type OpsSaid =
  /** Whole lines. */
  | { readonly kind: 'chunk'; readonly text: string }
  /** The strategy cannot be used. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** It threw while a script ran. */
  | { readonly kind: 'fault'; readonly problem: string }
  | { readonly kind: 'bug'; readonly stack: string };
