/** What is verified: a strategy, in the kernel that runs it. */
import type { Strategy } from '@s2bench/core';
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { VerifyError } from './errors.ts';
import type { RawActions } from './raw-actions.ts';

/** A strategy and the kernel around it. */
export interface Subject {
  readonly strategy: Strategy;
  /** Visitors that act past the contract; they stand in for the strategy's own. Made anew for every machine. */
  readonly below?: (raw: RawActions) => Pick<Strategy, 'tablePre' | 'tablePost' | 'leaf' | 'v6'>;
  /**
   * Phases of the kernel's tasks that are not the stock ones: a mistake of the abort handler, the notifier, the dirty log,
   * or of what user space asks for. Made anew for every machine. `invalidate` stands for the notifier's phases of
   * `collapse` too.
   */
  readonly phases?: (vm: VirtualMachine, raw: RawActions) => PhaseOverrides;
}

const PARTS: readonly string[] = ['strategy', 'below', 'phases'] satisfies readonly (keyof Subject)[];

/**
 * A strategy alone, or a whole subject.
 *
 * @throws VerifyError where it has a part that no subject has: what would be done otherwise there would be left out, and what is
 * stock be called safe
 */
export function subjectFrom(what: Strategy | Subject): Subject {
  if (!('strategy' in what)) return { strategy: what };
  const other = Object.keys(what).find((part) => !PARTS.includes(part));
  if (other !== undefined)
    throw new VerifyError(
      `${what.strategy.name}: a subject has no ${other}; it has ${PARTS.join(', ')}, and phases replace what the kernel does`,
    );
  return what;
}

/** The strategy of a subject on one machine. */
export function strategyOf(subject: Subject, raw: RawActions): Strategy {
  return subject.below === undefined ? subject.strategy : { ...subject.strategy, ...subject.below(raw) };
}
