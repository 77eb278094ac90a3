/** What explorations come to: verdicts for the cells of a matrix, and the counterexamples that are shown. */
import type { Profile } from '@s2bench/machine';
import type { Cell, ProofPage, Verdict } from '@s2bench/report/schema';
import {
  type Counterexample,
  renderRows,
  RULES,
  type StrategyJudgement,
  VERIFIED_KERNEL,
  type VerifyResult,
} from '@s2bench/verify';
import type { Findings } from '../execute/explorations.ts';
import { keyOf, questionOf } from '../plan/verify-plan.ts';

/** The verdicts of a matrix. */
export interface Verdicts {
  of(cell: Cell): Verdict;
  /** What unsafe verdicts link to, by name. */
  readonly pages: readonly ProofPage[];
}

/** Columns of a counterexample in a page. */
const PAGE_COLUMNS = 110;

/** The verdicts that findings of these tasks give. */
export function verdictsOf(findings: Findings, profiles: readonly Profile[]): Verdicts {
  const groups = Map.groupBy(findings.results, keyOf);
  const pages = [...groups.values()].flatMap((results) => pageOf(results) ?? []);
  return {
    pages: pages.sort((a, b) => (a.file < b.file ? -1 : 1)),
    of: (cell) => {
      const question = questionOf(cell, profiles);
      return verdictOf(question === undefined ? [] : (groups.get(keyOf(question)) ?? []));
    },
  };
}

function verdictOf(results: readonly VerifyResult[]): Verdict {
  const page = pageOf(results);
  if (page !== undefined) return { status: 'unsafe', rule: page.broken[0]?.rule ?? '', counterexample: page.file };
  if (results.length === 0) return { status: 'not-explored' };
  const met = results.filter(({ verdict }) => verdict !== 'safe');
  if (met.length === 0) return { status: 'safe' };
  const mostStates = Math.max(...met.map(({ bounds }) => bounds.maxStates));
  return { status: 'not-explored', bounded: { explorations: results.length, met: met.length, mostStates } };
}

function pageOf(results: readonly VerifyResult[]): ProofPage | undefined {
  const shortest = shortestOfEach(results);
  const [first] = shortest;
  if (first === undefined) return undefined;
  const { strategy, kernel, history, fwb } = first;
  const isOther = kernel !== VERIFIED_KERNEL;
  const inFileName = (text: string): string => text.replaceAll(/[^\w-]+/g, '-');
  const setting = [history, ...(fwb ? ['fwb'] : []), ...(isOther ? [inFileName(kernel)] : [])];
  const name = [inFileName(strategy), ...setting].join('-');
  const under = isOther ? ` --kernel '${kernel}'` : '';
  return {
    file: `counterexamples/${name}.md`,
    strategy,
    history,
    fwb,
    command: `s2bench verify '${strategy}' --history ${history} --fwb ${fwb ? 'on' : 'off'}${under}`.replaceAll(
      /'([\w.-]+)'/g,
      '$1',
    ),
    broken: shortest.map((document) => ({
      rule: document.rule,
      sentence: RULES.find(({ name: rule }) => rule === document.rule)?.sentence ?? '',
      world: document.world,
      text: `${document.opening}\n\n${renderRows(document, { columns: PAGE_COLUMNS })}\n\n${document.conclusion}\n`,
    })),
  };
}

/** The shortest counterexample of each strategy, kernel model and rule; of several as short the first. */
export function shortestOfEach(results: readonly VerifyResult[]): Counterexample[] {
  const shortest = new Map<string, Counterexample>();
  for (const { counterexample } of results) {
    if (counterexample === undefined) continue;
    const key = `${counterexample.strategy} ${counterexample.kernel} ${counterexample.rule}`;
    const best = shortest.get(key);
    if (best === undefined || isShorter(counterexample, best)) shortest.set(key, counterexample);
  }
  return [...shortest.values()];
}

/** Single steps first, since the search is for the fewest of these; then turns. */
function isShorter(one: Counterexample, other: Counterexample): boolean {
  const steps = one.schedule.length - other.schedule.length;
  return steps < 0 || (steps === 0 && one.rows.length < other.rows.length);
}

/** What a strategy is held against, and what came of it, under one kernel model. */
export interface Judgement extends StrategyJudgement {
  readonly kernel: string;
  /** Branches of its code that no exploration took; `undefined` where they were not counted. */
  readonly untested: readonly string[] | undefined;
}

/** Whether nothing was found broken in a strategy of whose code not everything was run: no more is known of the rest. */
export function isUntested({ broken, untested }: Judgement): boolean {
  return broken.length === 0 && untested !== undefined && untested.length > 0;
}
