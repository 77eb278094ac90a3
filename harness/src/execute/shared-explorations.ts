/**
 * What several strategies are asked in the same world is explored once, as long as they do the same there: the one that
 * comes first writes down what it did, and another one's thread runs that again with its own code, which takes a fraction of
 * the time. What differs in anything is explored by itself.
 */
import type { ExplorationRecord } from '@s2bench/verify';
import type { ExploreTask, WorldTask } from '../plan/verify-plan.ts';

/** Tasks that ask the same of several strategies. */
interface Question {
  /** Tasks that have not ended. */
  left: number;
  /** Tasks that are under way. */
  running: number;
  readonly records: ExplorationRecord[];
}

/** Follows which tasks ask the same, and what is known of it. */
export class SharedExplorations {
  readonly #questions = new Map<WorldTask, Question>();

  /** @param tasks - those that are still to be explored */
  constructor(tasks: readonly WorldTask[]) {
    // An animal of the zoo has more of its own than a strategy.
    const alike = Map.groupBy(
      tasks.filter(({ subject }) => subject.kind === 'strategy'),
      ({ subject: _, ...question }) => JSON.stringify(question),
    );
    for (const group of alike.values()) {
      const question: Question = { left: group.length, running: 0, records: [] };
      if (group.length > 1) for (const task of group) this.#questions.set(task, question);
    }
  }

  /** Whether another strategy is being asked the same right now: it is better to wait for what it finds. */
  isBeingAsked(task: WorldTask): boolean {
    return (this.#questions.get(task)?.running ?? 0) > 0;
  }

  /** The task as its worker gets it. */
  begin(task: WorldTask): ExploreTask {
    const question = this.#questions.get(task);
    if (question === undefined) return task;
    question.running++;
    return { ...task, known: question.records, keepsRecords: question.left > 1 };
  }

  /** A task has ended; of one whose strategy has failed nothing is taken over. */
  end(task: WorldTask, records: readonly ExplorationRecord[]): void {
    const question = this.#questions.get(task);
    if (question === undefined) return;
    question.running--;
    question.left--;
    // Nobody asks any more.
    if (question.left === 0) question.records.length = 0;
    else question.records.push(...records);
  }
}
