/** Looks at a strategy as far as fits between a save and a glance at the screen. */
import type { Strategy } from '@s2bench/core';
import { findProfile } from '@s2bench/machine';
import { ASPECTS, findingsOf, notesOf, reportOf, TAKE_DOWN_FIRST } from '@s2bench/testkit/conformance';
import {
  architectureFor,
  expectationOf,
  judgeStrategy,
  renderCounterexample,
  RULES,
  type VerifyResult,
  verifyWorld,
  worldOf,
} from '@s2bench/verify';
import { findWorkload } from '@s2bench/workloads';
import { simulateCell } from '../simulate/cell.ts';
import { CELL, HISTORIES, type WatchCell, type WatchVerdict } from './task.ts';

/** What a worker warms up with: no strategy that somebody may be editing, since it stays in the module cache. */
export const WARMER = TAKE_DOWN_FIRST;

/** Small worlds that are explored in a moment and show what is most often forgotten: flush, clean, reference, fetch. */
const WORLDS = ['partial-table', 'full-table', 'instruction-fetch', 'late-image', 'beyond-slot', 'slot-move'];
/** Random scripts of each kind. */
const RUNS = 15;

/** Findings as text; op scripts are kept in `.results/` of a folder. */
export function conformanceReports(strategy: Strategy, cwd: string): string[] {
  const aspects = ASPECTS.filter((aspect) => aspect !== 'safety' && aspect !== 'vectors');
  return aspects
    .flatMap((aspect) => findingsOf(strategy, aspect, { runs: RUNS }))
    .map((finding) => reportOf(strategy, finding, cwd));
}

/** What is worth knowing and breaks no rule, each in one line. */
export function conformanceNotes(strategy: Strategy): string[] {
  return notesOf(strategy).map(({ message }) => message);
}

/**
 * Explores the worlds: every rule that is broken somewhere, once.
 *
 * @param columns - width of the counterexample
 */
export function verdictOf(strategy: Strategy, columns: number, worlds: readonly string[] = WORLDS): WatchVerdict {
  const broken = new Map<string, VerifyResult>();
  const { arch, fwb: onlyFwb } = architectureFor(strategy.needs);
  for (const world of worlds.map(worldOf)) {
    for (const history of world.histories) {
      for (const fwb of onlyFwb ? [true] : [false, true]) {
        // What was found once is not looked for again, so that it hides nothing else.
        const rules = RULES.filter(({ name }) => !broken.has(name));
        const result = verifyWorld(strategy, world, { history, fwb, arch, rules });
        if (result.rule !== undefined) broken.set(result.rule, result);
      }
    }
  }
  const results = [...broken.values()];
  const judgement = judgeStrategy(expectationOf(strategy), results, []);
  const isUnexpected = ({ rule }: VerifyResult): boolean => rule !== undefined && judgement.unexpected.includes(rule);
  const unexpected = results.filter(isUnexpected);
  const [shortest] = unexpected.toSorted((a, b) => (a.steps ?? 0) - (b.steps ?? 0));
  return {
    worlds: worlds.length,
    expected: results.filter((result) => !isUnexpected(result)).map(whereBroken),
    unexpected: unexpected.map(whereBroken),
    ...(shortest?.counterexample && { counterexample: renderCounterexample(shortest.counterexample, { columns }) }),
  };
}

function whereBroken({ rule, world, history, fwb }: VerifyResult): string {
  return `${rule ?? ''} in ${world} (${history}, FWB ${fwb ? 'on' : 'off'})`;
}

/** The small matrix, beside another strategy. */
export function effectOf(strategy: Strategy, against: Strategy): WatchCell[] {
  return HISTORIES.map((history) => ({ history, stage: adjust(strategy, history), against: adjust(against, history) }));
}

function adjust(strategy: Strategy, history: string): WatchCell['stage'] {
  const [profile, workload] = [findProfile(CELL.profile), findWorkload(CELL.workload)];
  if (profile === undefined || workload === undefined)
    throw new Error(`no profile ${CELL.profile}, or no workload ${CELL.workload}`);
  const cell = { ...CELL, strategy: strategy.name, history };
  const stage = simulateCell(cell, { strategy, workload, profile }, { stages: ['ADJUST'], exact: true })['ADJUST'];
  if (stage === undefined) throw new Error(`the workload ${CELL.workload} has no stage ADJUST`);
  return stage;
}
