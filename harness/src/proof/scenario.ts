/** Scenarios: what is run to answer a question. Plain values, so that a worker can be handed one. */
import type { History, RuleName } from '@s2bench/verify';
import type { ProbeName } from './probes.ts';

/** All interleavings of one world, searched for a broken rule or for a fact. */
export interface ExploreScenario {
  readonly kind: 'explore';
  /** Name of what is run, as {@link subjectNamed} knows it. */
  readonly subject: string;
  readonly world: string;
  readonly history: History;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** `'rules'`: all rules. */
  readonly looksFor: 'rules' | ProbeName;
  /** What is found if the claim's answer is right: `'nothing'`, with every state explored; else what the search ends with. */
  readonly expects: 'nothing' | RuleName | ProbeName;
  /** The steps are shown in the page, under this caption. */
  readonly shown?: string;
}

/** Random scripts of maps and unmaps over tables of 512 entries, run with two strategies side by side. */
export interface SampleScenario {
  readonly kind: 'sample';
  readonly subjects: readonly [string, string];
  readonly seed: number;
  readonly scripts: number;
  /** Operations of a script. */
  readonly operations: number;
  readonly expects: SampleFinding;
}

/** What two strategies that run the same scripts come to. */
export type SampleFinding =
  /** After every operation the same table, with the same counts, and the same return value. */
  | 'the same'
  | 'another table'
  /** A map failed with ENOMEM though table pages never run out. */
  | 'an error';

/** One run. */
export type Scenario = ExploreScenario | SampleScenario;

/** The steps to what was found, to be read. */
export interface Steps {
  readonly opening: string;
  readonly rows: string;
  readonly conclusion: string;
}

/** What came of an exploration. */
export interface ExploreResult {
  readonly kind: 'explore';
  /** `'incomplete'`: a bound was met first. */
  readonly found: 'nothing' | 'incomplete' | RuleName | ProbeName;
  readonly states: number;
  readonly transitions: number;
  /** Every state was expanded: there is nothing else in this world. */
  readonly complete: boolean;
  /** Turns to what was found: rows of its steps. */
  readonly turns?: number;
  readonly steps?: Steps;
}

/** What came of sampling. */
export interface SampleResult {
  readonly kind: 'sample';
  readonly found: SampleFinding;
  /** Operations that were run with each of the two. */
  readonly operations: number;
  /** Maps among them that replaced at least one table. */
  readonly coalesces: number;
}

/** What came of a scenario. */
export type ScenarioResult = ExploreResult | SampleResult;

/** Whether a scenario found what its claim says. */
export function isAsExpected({ expects }: Scenario, { found }: ScenarioResult): boolean {
  return found === expects;
}
