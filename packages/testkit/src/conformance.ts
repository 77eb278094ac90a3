/** Looks at a strategy from all sides, without a test runner. */
import type { Strategy } from '@s2bench/core';
import { checkCoalesce } from './aspects/coalesce.ts';
import { checkContract } from './aspects/contract.ts';
import { checkDeterminism } from './aspects/determinism.ts';
import { checkMetadata } from './aspects/metadata.ts';
import { checkSafety } from './aspects/safety.ts';
import { checkSequences } from './aspects/sequences.ts';
import { checkVectors } from './aspects/vectors.ts';
import { type Aspect, ASPECTS, type Finding, type Note } from './finding.ts';
import { blockNotes } from './notes/blocks.ts';
import { costNotes } from './notes/cost.ts';
import { type Conformance, type ConformanceOptions, fillOptions } from './options.ts';

export {
  type Aspect,
  ASPECTS,
  type Finding,
  findingLine,
  type FindingScript,
  type Note,
  noteLine,
  opsCommand,
} from './finding.ts';
export type { ConformanceOptions } from './options.ts';
export { TAKE_DOWN_FIRST } from './reference.ts';
export { reportOf } from './report.ts';

const CHECKS: Readonly<Record<Aspect, (strategy: Strategy, options: Conformance) => Finding[]>> = {
  metadata: checkMetadata,
  contract: checkContract,
  coalesce: checkCoalesce,
  sequences: checkSequences,
  determinism: checkDeterminism,
  vectors: checkVectors,
  safety: checkSafety,
};

/**
 * What is found of a strategy. Nothing found is a strategy that conforms.
 *
 * @param aspects - which sides are looked at; all if left out
 */
export function conformanceOf(
  strategy: Strategy,
  options: ConformanceOptions = {},
  aspects: readonly Aspect[] = ASPECTS,
): Finding[] {
  return aspects.flatMap((aspect) => findingsOf(strategy, aspect, options));
}

/** What is found from one side. An error of the strategy's own is a finding too. */
export function findingsOf(strategy: Strategy, aspect: Aspect, options: ConformanceOptions = {}): Finding[] {
  try {
    return CHECKS[aspect](strategy, fillOptions(options));
  } catch (error) {
    return [
      {
        aspect,
        rule: 'contract',
        op: `the check of ${aspect}`,
        message: `it throws ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}

/** What is worth knowing of a strategy and breaks no rule: tables that it keeps, and what a coalesce costs. */
export function notesOf(strategy: Strategy): Note[] {
  return [blockNotes, costNotes].flatMap((look) => {
    try {
      return look(strategy);
    } catch {
      // A strategy that throws is a finding; there is nothing more to say of it.
      return [];
    }
  });
}
