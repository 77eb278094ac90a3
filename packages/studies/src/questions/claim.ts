/**
 * Claims: a question that was asked about a series, the answer to it, and the scenarios that are run to show that it is
 * right. Scenarios are plain values, so that a worker can be handed one.
 */
import type { ProofTable } from '@s2bench/report';
import type { History, Observer, RuleName, Subject, World } from '@s2bench/verify';

/** A scenario that was run. */
export interface Run {
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
}

/** A question and its answer. Texts may have names between back-quotes. */
export interface Claim {
  readonly number: number;
  readonly title: string;
  /** What was asked, in our own words. */
  readonly question: string;
  /** Comments of the thread in which it was asked and argued, by their number in the list's archive. */
  readonly comments: readonly number[];
  readonly verdict: string;
  readonly answer: string;
  /** The answer is right where each of them finds what it expects. */
  readonly scenarios: readonly Scenario[];
  /** Tables that say more than a row for each scenario; they stand in its place. */
  readonly tables?: (runs: readonly Run[]) => readonly ProofTable[];
  /** What the answer does not reach. */
  readonly bounds: readonly string[];
}

/** What was argued about, and when. */
export interface Thread {
  readonly messageId: string;
  /** Dates of comments, by their number. */
  readonly commentDates: Readonly<Record<number, string>>;
}

/** All interleavings of one world, searched for a broken rule or for a fact. */
export interface ExploreScenario<Probe extends string = string> {
  readonly kind: 'explore';
  /** Name of what is run, as the study's {@link Cast} knows it. */
  readonly subject: string;
  readonly world: string;
  readonly history: History;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** `'rules'`: all rules. */
  readonly looksFor: 'rules' | Probe;
  /** What is found if the claim's answer is right: `'nothing'`, with every state explored; else what the search ends with. */
  readonly expects: 'nothing' | RuleName | Probe;
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
  /** The rule that was broken or the fact that was met; `'nothing'`; `'incomplete'`: a bound was met first. */
  readonly found: string;
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

/** What the names in a study's scenarios stand for. */
export interface Cast {
  /** @throws RangeError where nothing to run has the name */
  subject(name: string): Subject;
  /** @throws RangeError where no world has the name */
  world(name: string): World;
  /** A fact to be searched for in a world. */
  probe(name: string, world: World, fwb: boolean): Observer;
}
