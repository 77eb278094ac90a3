/** What is worth knowing of a strategy and is no mistake. */
import type { Strategy } from '@s2bench/core';

/** A matter of taste or cost: it breaks no rule, and no verdict hangs on it. */
export interface Note {
  /** `block`: where no block is made of a table; `cost`: what a coalesce costs. */
  readonly about: 'block' | 'cost';
  /** One line. */
  readonly message: string;
}

/** One line that names the strategy. */
export function noteLine({ name }: Strategy, { about, message }: Note): string {
  return `${name}, a note on ${about === 'block' ? 'blocks' : 'cost'}: ${message}`;
}
