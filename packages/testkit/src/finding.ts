/** What is found of a strategy: laws that it breaks, and beside them what is a matter of taste or cost. */
import type { Strategy } from '@s2bench/core';

/** What a strategy is looked at for, in this order. */
export const ASPECTS = ['metadata', 'contract', 'coalesce', 'sequences', 'determinism', 'vectors', 'safety'] as const;
/** One of the things that a strategy is looked at for. */
export type Aspect = (typeof ASPECTS)[number];

/** An op script that shows a finding, and how `s2bench ops` is to run it. */
export interface FindingScript {
  readonly text: string;
  readonly kernel: string;
  readonly pageSizeBytes: number;
}

/** A law that a strategy breaks, and where. */
export interface Finding {
  readonly aspect: Aspect;
  /** The rule that is broken: those of `@s2bench/verify`, or `metadata`, `contract`, `determinism`, `vectors`. */
  readonly rule: string;
  /** The operation during which it is broken. */
  readonly op?: string;
  /** Where in that operation. */
  readonly step?: string;
  /** What is wrong, in one line. */
  readonly message: string;
  readonly script?: FindingScript;
  /** More lines: a counterexample as a table. */
  readonly detail?: string;
}

/** One line that names the strategy, the rule, the op and the step. */
export function findingLine({ name }: Strategy, { rule, op, step, message }: Finding): string {
  const where = [op === undefined ? '' : `in op ${op}`, step === undefined ? '' : `at step ${step}`].filter(
    (part) => part !== '',
  );
  return `${name} breaks ${rule}${where.length === 0 ? '' : ` ${where.join(', ')}`}: ${message}`;
}

/** The command that runs a finding's script, which lies in a file. */
export function opsCommand({ name }: Strategy, { kernel, pageSizeBytes }: FindingScript, file: string): string {
  return `npx s2bench ops --strategy '${name}' --kernel ${kernel} --page-size ${pageSizeBytes / 1024}K --form long ${file}`;
}

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
