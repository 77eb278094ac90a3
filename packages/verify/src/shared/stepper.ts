/** Runs plain code up to its next action that nobody has answered yet, and stops it there by an exception. */
import { VerifyError } from '../errors.ts';
import type { Reply, Step } from './step.ts';

/** More actions than any section of a small world has. */
const MOST_STEPS = 2000;

/** What stops a section. Whoever catches it gets it again at the next action. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** One for all: nobody reads its stack, and taking one costs more than a run. */
const STOPPED = new Stopped('an action waits for its answer');

/** Answers the actions of one run from a list, up to its end. */
export class Stepper {
  /** What the run has announced, the unanswered action last. */
  readonly announced: Step[] = [];
  /** The action that nobody has answered. */
  asked: Step | undefined;
  readonly #replies: readonly Reply[];

  constructor(replies: readonly Reply[]) {
    this.#replies = replies;
  }

  /** Announces an action, and gives its reply. */
  step(step: Step): Reply {
    if (this.asked === undefined) this.announced.push(step);
    const reply = this.asked === undefined ? this.#replies[this.announced.length - 1] : undefined;
    if (reply !== undefined) return reply;
    this.asked ??= step;
    if (this.announced.length > MOST_STEPS)
      throw new VerifyError(`an operation on the table has more than ${MOST_STEPS} actions: it does not end`);
    throw STOPPED;
  }

  /**
   * Runs code to its end, or to the first action without an answer.
   *
   * @returns whether it has come to its end
   * @throws VerifyError where it has caught what stopped it, and gone on
   */
  run(code: () => void): boolean {
    try {
      code();
    } catch (error) {
      if (error === STOPPED && this.asked !== undefined) return false;
      throw error;
    }
    if (this.asked === undefined) return true;
    throw new VerifyError('an exception that is none of its own was caught in a lock section; it must be let through');
  }
}
