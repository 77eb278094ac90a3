/** What travels between `s2bench verify` and its workers. Plain values only: all of it is cloned. */
import type { Bounds, CasemateFile, Counterexample, History, RuleName, VerifyResult, World } from '@s2bench/verify';

/** What is verified, by what a worker finds it with. */
export type SubjectRef =
  | {
      readonly kind: 'strategy';
      readonly name: string;
      /** The module that holds it. */
      readonly url: string;
    }
  /** Of `@s2bench/zoo`. */
  | { readonly kind: 'animal' | 'variation'; readonly name: string };

/** A world to be explored. */
export interface WorldTask {
  readonly subject: SubjectRef;
  readonly world: World;
  readonly history: History;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  readonly rules: readonly RuleName[];
  readonly bounds: Partial<Bounds>;
  /** Where a rule is broken: go on without it, until nothing more is found. */
  readonly everyRule: boolean;
  /** Write traces for Casemate. */
  readonly casemate?: boolean;
}

/** What became of a task, where it was not the worker that ended. */
export type Explored =
  /** The first result is the world's; more of them, if any, are what is broken besides. */
  | { readonly ok: true; readonly results: readonly VerifyResult[]; readonly traces: readonly CasemateFile[] }
  | { readonly ok: false; readonly problem: string };

/** A counterexample to be run again. */
export interface ReplayTask {
  readonly subject: SubjectRef;
  readonly world: World;
  readonly document: Counterexample;
}

/** What came of it. */
export type Replayed =
  /** The same rule is broken; the document as it is now. */
  | { readonly ok: true; readonly document: Counterexample }
  /** `isKept`: every step is possible, and the rule is kept. */
  | { readonly ok: false; readonly isKept: boolean; readonly problem: string };
