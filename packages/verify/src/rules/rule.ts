/** What a rule is: one idea, where it comes from, what it looks at, and two traces that show it. */
import type { Section } from '../kernel/kernel.ts';
import type { CachedEntry } from '../hardware/cached-entry.ts';
import type { TranslationView } from '../hardware/translation-view.ts';
import type { PageState } from '../memory/page-state.ts';
import type { Trace } from './trace.ts';

/** The rules by name, in the order in which they are named where several are broken at once. */
export const RULE_NAMES = [
  'break-before-make',
  'walker-safety',
  'accounting',
  'mapping',
  'progress',
  'stale-translation',
  'data-coherency',
  'instruction-coherency',
  'lost-guest-write',
  'dirty-log',
] as const;
/** The name of a rule. */
export type RuleName = (typeof RULE_NAMES)[number];

/** A guest's access at the moment at which it completes. Numbers only: it is looked at millions of times. */
export interface AccessRule {
  /**
   * Whether the access breaks the rule.
   *
   * @param kind - 0 read, 1 write, 2 fetch
   * @param state - of the page of host memory that the access goes to
   * @param cached - the guest's caches are on, or FEAT_S2FWB makes every access cached
   * @param staleEntry - it goes through a cached entry that a completed operation took out of the table
   * @param staleLine - the I-cache may hold what the page held before
   */
  rejects(kind: number, state: PageState, cached: boolean, staleEntry: boolean, staleLine: boolean): boolean;
}

/**
 * What looks at an exploration and ends it: a rule, or a probe. A probe says that something has happened which need be
 * no mistake, so that the search gives the fewest steps to it. Each looks at some kinds of moments; those that it leaves
 * out do not concern it.
 */
export interface Observer<Name extends string = string> {
  readonly name: Name;
  /** After each action of the stage-2 code: what is wrong with what TLBs and walkers may hold. */
  readonly view?: (view: TranslationView) => string | undefined;
  /** Before a table page is given back. */
  readonly free?: (view: TranslationView, slot: number) => string | undefined;
  /** When an operation has returned. */
  readonly section?: (section: SectionEnd) => string | undefined;
  readonly access?: AccessRule;
  /** Whether maintenance of a page in a state destroys something. `clean`: written back first. */
  readonly maintenance?: (state: PageState, clean: boolean) => boolean;
  /** Whether writing back a dirty line of a page in a state destroys something. Hardware may do it at any moment. */
  readonly writeBack?: (state: PageState) => boolean;
  /** At rest: whether a page that the guest wrote is neither marked nor was reported since. */
  readonly rest?: (written: number, marked: number) => boolean;
}

/** A rule. */
export interface Rule extends Observer<RuleName> {
  /** What it enforces, in one sentence. */
  readonly sentence: string;
  /** Where that comes from. */
  readonly source: string;
  /** A trace that keeps the rule, and one that breaks it. */
  readonly accepted: Trace;
  readonly rejected: Trace;
}

/** What a rule sees of an operation that has returned. */
export type SectionEnd = Pick<Section, 'operation' | 'fault' | 'failure' | 'host' | 'before' | 'after' | 'taken'> & {
  readonly pages: Section['to']['pages'];
  /** First guest page of the slot. */
  readonly basePage: number;
  /** What TLBs may hold though the table does no longer. */
  readonly left: readonly CachedEntry[];
  /** Mistakes that showed in the counts while it ran. */
  readonly mistakes: readonly string[];
  /** The section itself, for what a rule does not ask; a trace has none. */
  readonly ran?: Section;
};

/** The end of an operation that has changed nothing and found nothing: for who looks at a part of one. */
export const NOTHING_ENDED: SectionEnd = {
  operation: { do: 'notifier-end' },
  fault: undefined,
  failure: undefined,
  host: [],
  before: [],
  after: [],
  taken: [],
  pages: [],
  basePage: 0,
  left: [],
  mistakes: [],
};
