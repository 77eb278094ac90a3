/** What lives in the zoo. */
import type { AnyWorld, Architecture, History, RuleName, Subject } from '@s2bench/verify';

/** A world or a real table, how it began, and whether there is FEAT_S2FWB. */
export interface Habitat {
  readonly world: AnyWorld;
  readonly history: History;
  readonly fwb: boolean;
  /** The hardware; left out: the strictest. */
  readonly arch?: Architecture;
  /** Kernel model; left out: the one in which strategies are verified. */
  readonly kernel?: string;
}

/** A broken strategy: a shipped one with one mistake. */
export interface Animal {
  /** Lower-case words joined by hyphens; also the name of its strategy. */
  readonly name: string;
  /** The mistake, in one sentence. */
  readonly mistake: string;
  /** Name of the strategy that it was made from. */
  readonly of: string;
  /** The rule that it is meant for. */
  readonly rule: RuleName;
  /** Where it is caught. */
  readonly habitat: Habitat;
  readonly subject: Subject;
}

/** A strategy that does it otherwise than the shipped one, and right. */
export interface Variation {
  /** Lower-case words joined by hyphens; also the name of its strategy. */
  readonly name: string;
  /** What it does otherwise, in one sentence. */
  readonly change: string;
  /** Name of the strategy that it was made from. */
  readonly of: string;
  readonly subject: Subject;
  /** Where it is explored, and safe. */
  readonly habitats: readonly Habitat[];
}
