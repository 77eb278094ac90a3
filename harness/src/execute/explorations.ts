/** Explores worlds on a pool. A strategy that throws or does not return costs itself alone. */
import type { CasemateFile, ExplorationRecord, VerifyResult } from '@s2bench/verify';
import { untestedIn } from '../plan/branch.ts';
import type { Explored, ExploreTask, WorldTask } from '../plan/verify-plan.ts';
import type { Threads } from '../plugins/threads.ts';
import { runTasks, type TaskEnd } from './pool.ts';
import { SharedExplorations } from './shared-explorations.ts';
import type { VerdictCache } from './verdict-cache.ts';

/** What has been found so far. */
export class Findings {
  readonly #tasks: readonly WorldTask[];
  readonly #found = new Map<number, Extract<Explored, { readonly ok: true }>>();
  readonly #problems = new Map<string, string>();
  readonly #known = new Set<WorldTask>();

  constructor(tasks: readonly WorldTask[]) {
    this.#tasks = tasks;
  }

  /** Why nothing is known of a subject, by its name. */
  get failures(): ReadonlyMap<string, string> {
    return this.#problems;
  }

  /** Tasks that have come to an end. */
  get finished(): number {
    return this.#found.size;
  }

  /** Tasks that there are results of, in the order of the tasks. */
  get tasks(): readonly WorldTask[] {
    return this.#tasks.filter((task, index) => this.#found.has(index) && !this.isMoot(task));
  }

  /**
   * Results in the order of the tasks. There are none of a subject that failed: which of its worlds were faster than
   * the failure is chance.
   */
  get results(): readonly VerifyResult[] {
    return this.#ended().flatMap(({ results }) => results);
  }

  /** Casemate traces in the same order, where they were asked for. */
  get traces(): readonly CasemateFile[] {
    return this.#ended().flatMap(({ traces }) => traces);
  }

  /** Branches of a strategy that no exploration under a kernel model took; `undefined` where they were not counted. */
  untested(strategy: string, model: string): readonly string[] | undefined {
    const ended = this.#tasks.flatMap(({ subject, kernel }, index) =>
      subject.name === strategy && kernel === model ? (this.#found.get(index) ?? []) : [],
    );
    const runs = ended.flatMap(({ untaken }) => (untaken === undefined ? [] : [untaken]));
    return runs.length === 0 ? undefined : untestedIn(runs);
  }

  /** Whether a task's subject has failed already. */
  isMoot({ subject }: WorldTask): boolean {
    return this.#problems.has(subject.name);
  }

  /** Whether there are results of a task. */
  isKnown(task: WorldTask): boolean {
    return this.#known.has(task);
  }

  /** Takes in how a task ended. */
  add(task: WorldTask, end: TaskEnd<Explored>, index: number): void {
    const { name } = task.subject;
    if (!end.ok) this.#problems.set(name, `strategy ${name}: ${end.problem}`);
    else if (!end.outcome.ok) this.#problems.set(name, end.outcome.problem);
    else {
      this.#found.set(index, end.outcome);
      this.#known.add(task);
    }
  }

  #ended(): Extract<Explored, { readonly ok: true }>[] {
    return this.#tasks.flatMap((task, index) => (this.isMoot(task) ? [] : (this.#found.get(index) ?? [])));
  }
}

/** How worlds are explored. */
export interface ExploreOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Where results are kept from run to run; left out: nowhere. */
  readonly kept?: VerdictCache;
  /** Called when a task was explored and the findings hold it. */
  onEnd?(task: WorldTask): void;
}

/** So many threads explore one world, or one: two take 1.8 times the processor time of one (ADR 25), and are no faster. */
const FEWEST_TOGETHER = 4;
/** Each hands something to each other, for which there has to be room: what that takes grows with the square. */
const MOST_TOGETHER = 16;

/**
 * Explores the world of each task that is not known yet.
 *
 * @param findings - of the same tasks; holds what has finished when the signal stops the run
 * @throws the signal's reason
 */
export async function exploreAll(
  threads: Threads,
  tasks: readonly WorldTask[],
  findings: Findings,
  options: ExploreOptions,
): Promise<void> {
  const open = tasks.filter((task) => !findings.isKnown(task));
  const shared = new SharedExplorations(open);
  let left = open.length;
  /** Cores that the explorations which are left do not need. */
  const withMates = (task: ExploreTask): ExploreTask => {
    const mates = Math.floor(options.jobs / Math.max(1, Math.min(options.jobs, left))) - 1;
    return mates + 1 >= FEWEST_TOGETHER ? { ...task, mates: Math.min(mates, MOST_TOGETHER - 1) } : task;
  };
  await runTasks<WorldTask, Explored>(threads, tasks, {
    entry: 'explore',
    prepare: (task) => withMates(shared.begin(task)),
    isBetterLater: (task) => shared.isBeingAsked(task),
    urlOf: ({ subject }) => (subject.kind === 'strategy' ? subject.url : undefined),
    jobs: options.jobs,
    signal: options.signal,
    isMoot: (task) => findings.isMoot(task) || findings.isKnown(task),
    onEnd: (task, end, index) => {
      left--;
      const { ended, records } = withoutRecords(end);
      shared.end(task, records);
      findings.add(task, ended, index);
      if (ended.ok) options.kept?.keep(task, ended.outcome);
      options.onEnd?.(task);
    },
  });
}

/** The end of a task without what is for other strategies only: it is large, and findings are kept. */
function withoutRecords(end: TaskEnd<Explored>): { ended: TaskEnd<Explored>; records: readonly ExplorationRecord[] } {
  if (!end.ok || !end.outcome.ok) return { ended: end, records: [] };
  const { records = [], ...outcome } = end.outcome;
  return { ended: { ok: true, outcome }, records };
}
