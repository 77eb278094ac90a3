/** What a worker does to run a counterexample again. */
import { replay, RuleKeptError, RULES } from '@s2bench/verify';
import type { Replayed, ReplayTask } from '../plan/verify-plan.ts';
import type { Watched } from '../plugins/visitors.ts';
import { problemOf } from './explore.ts';
import { findSubject } from './subject.ts';

/** Runs the counterexample of a task again. */
export async function runAgain({ task: { subject, world, document }, pulse }: Watched<ReplayTask>): Promise<Replayed> {
  try {
    const found = await findSubject(subject, pulse);
    // What else is broken on the way is another counterexample's business.
    const rules = RULES.filter(({ name }) => name === document.rule);
    const again = replay({ subject: found, world, fwb: document.fwb, rules }, document);
    return { ok: true, document: again.document };
  } catch (error) {
    return { ok: false, isKept: error instanceof RuleKeptError, problem: problemOf(error, subject.name) };
  }
}
