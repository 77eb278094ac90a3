/** The proof: every scenario of every claim is run, and the page made of what they found. */
import type { ProofDocument } from '@s2bench/report';
import { answerOf, mismatch } from './answer.ts';
import type { Claim, Run } from './claim.ts';
import { MESSAGE_ID } from './claim.ts';
import { CLAIMS } from './claims/index.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario, ScenarioResult } from './scenario.ts';
import { isAsExpected } from './scenario.ts';

/** The page, and whether it says what the claims say. */
export interface Proof {
  readonly document: ProofDocument;
  /** Scenarios that found something else than their claim expects, a line each. None: every answer stands. */
  readonly unexpected: readonly string[];
}

/** The scenarios of claims, each of them once though several claims may want it. Any order, any thread will do. */
export function scenariosOf(claims: readonly Claim[] = CLAIMS): Scenario[] {
  const distinct = new Map<string, Scenario>();
  for (const scenario of claims.flatMap(({ scenarios }) => scenarios)) {
    const key = keyOf(scenario);
    // Of two that are alike, the one whose steps are shown gives what both need.
    const known = distinct.get(key);
    if (known === undefined || (known.kind === 'explore' && known.shown === undefined)) distinct.set(key, scenario);
  }
  return [...distinct.values()];
}

/**
 * Makes the proof of results.
 *
 * @param results - of {@link scenariosOf} the same claims, in that order
 */
export function proofOf(results: readonly ScenarioResult[], claims: readonly Claim[] = CLAIMS): Proof {
  const byKey = new Map(scenariosOf(claims).map((scenario, index) => [keyOf(scenario), results[index]]));
  const answered = claims.map((claim) => {
    const runs = claim.scenarios.map((scenario): Run => {
      const result = byKey.get(keyOf(scenario));
      if (result === undefined) throw new RangeError(`claim ${claim.number} has a scenario without a result`);
      return { scenario, result };
    });
    return { claim, runs };
  });
  return {
    document: documentOf(answered),
    unexpected: answered.flatMap(({ claim, runs }) =>
      runs
        .filter(({ scenario, result }) => !isAsExpected(scenario, result))
        .map((run) => `claim ${claim.number}: ${mismatch(run).replaceAll('`', '')}`),
    ),
  };
}

/** Runs everything in this thread. */
export function runProof(claims: readonly Claim[] = CLAIMS): Proof {
  return proofOf(scenariosOf(claims).map(runScenario), claims);
}

/** What decides a scenario's result. */
function keyOf(scenario: Scenario): string {
  if (scenario.kind === 'sample')
    return JSON.stringify([scenario.subjects, scenario.seed, scenario.scripts, scenario.operations]);
  const { subject, world, history, fwb, looksFor } = scenario;
  return JSON.stringify([subject, world, history, fwb, looksFor]);
}

function documentOf(answered: readonly { readonly claim: Claim; readonly runs: readonly Run[] }[]): ProofDocument {
  return {
    title: 'The 2021 thread’s questions, answered by running them',
    introduction: [
      `The thread of ${MESSAGE_ID} argued about a patch that makes a block before it takes the old table down, without a clean. Its questions are answered here by running the strategies’ own code through every interleaving of small worlds, until a rule is broken or a fact is met, in the fewest steps, or until there is no further state. A question that asks whether something ever happens is a search for it: what it finds is shown, and where it finds nothing the search was complete.`,
    ],
    bounds: [
      'Tables have four entries, worlds two or three levels, two or three vCPUs, a few pages and short programs. Complete means every state of that world, and says nothing about what needs a larger one. Where 512 entries matter, tables of that size are sampled.',
      'The kernel is the one that the series was made for, v5.11-rc6 with the filter of permission-only changes that v5.12 has, and with patch 1 of the series, which came in v5.14: one mmu_lock, SRCU around memslots, the notifier’s sequence. A search does not go into what comes of two operations under a shared lock: from v5.18 on faults that only relax write permissions while logging is on run side by side, from v6.2 on those that map too.',
      'Hardware may cache any translation that a walk can find, at any moment, until a TLBI that covers it is complete. Caches are followed by who wrote last and whether it reached memory. How all of that is modelled: docs/decisions/0005.',
    ],
    claims: answered.map(({ claim, runs }) => answerOf(claim, runs)),
    command: 's2bench verify --preset thread-2021',
  };
}
