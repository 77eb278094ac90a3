/** All that a strategy did in an exploration: enough to see whether another strategy does the same in all of it. */
import type { BackingState } from './backing-state.ts';
import type { Section } from './kernel.ts';
import type { Operation } from './operation.ts';

/** A lock section as it ran for the first time. Plain values: it is cloned. */
export interface LoggedSection {
  /** Number of the protected state that it began in: states are numbered as they are met. */
  readonly state: number;
  readonly operation: Operation;
  readonly backing: BackingState;
  /** What it did, and what it left behind, as text: equal texts are equal sections. */
  readonly did: string;
}

/** Writes down what a section did. What is read from its table before and after follows from this and from its begin. */
export function logged({
  from,
  operation,
  backing,
  ops,
  mistakes,
  lockKept,
  fault,
  failure,
  to,
}: Section): LoggedSection {
  const did = JSON.stringify([ops, mistakes, lockKept, fault, failure, to.id, to.key]);
  return { state: from.id, operation, backing, did };
}
