/** All that a strategy did in an exploration: enough to see whether another strategy does the same in all of it. */
import type { BackingState } from './backing-state.ts';
import type { CountMistake } from './micro-op.ts';
import type { Operation } from './operation.ts';
import type { RanSection } from './repeats.ts';

/** A lock section as it ran for the first time. Plain values: it is cloned. */
export interface LoggedSection {
  /** Number of the protected state that it began in: states are numbered as they are met. */
  readonly state: number;
  readonly operation: Operation;
  readonly backing: BackingState;
  /** What it did, and what it left behind, as text: equal texts are equal sections. */
  readonly did: string;
}

/** What is written down of a section: what is compared when it is run again, and what else follows from it. */
interface WholeSection extends RanSection {
  readonly from: { readonly id: number };
  readonly to: { readonly id: number; readonly key: string };
  readonly mistakes: readonly CountMistake[];
  readonly lockKept: boolean;
  readonly goesOn: boolean;
}

/** Writes down what a section did. What is read from its table before and after follows from this and from its begin. */
export function logged({
  from,
  operation,
  backing,
  ops,
  mistakes,
  lockKept,
  goesOn,
  fault,
  failure,
  to,
}: WholeSection): LoggedSection {
  const did = JSON.stringify([ops, mistakes, lockKept, goesOn, fault, failure, to.id, to.key]);
  return { state: from.id, operation, backing, did };
}
