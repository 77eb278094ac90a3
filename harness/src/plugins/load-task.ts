/** What travels to the thread that loads data and asks strategies, and back: plain values only. */
import type { Described } from './load.ts';

/** Data of a module, or why there is none. */
export type DataModule =
  | { readonly ok: true; readonly value: unknown }
  /** `line` is `:LINE` where a syntax error has one. */
  | { readonly ok: false; readonly line: string; readonly problem: string };

/** What a strategy says of itself, or why it cannot be used. */
export type Description =
  { readonly ok: true; readonly described: Described } | { readonly ok: false; readonly problem: string };

/** What a thread is asked: for the default export of a module, as data, or for what strategies say of themselves. */
export type LoadTask =
  | { readonly kind: 'data'; readonly path: string }
  | { readonly kind: 'describe'; readonly entryUrls: readonly string[] };

/** What it answers. */
export type LoadSaid =
  | { readonly kind: 'data'; readonly module: DataModule }
  | { readonly kind: 'described'; readonly description: Description };
