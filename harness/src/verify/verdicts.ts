/** Verdicts for the cells of a matrix: each strategy under each history, on machines with FEAT_S2FWB and without. */
import type { Profile } from '@s2bench/machine';
import type { Cell, ProofPage, Verdict } from '@s2bench/report/schema';
import {
  HISTORIES,
  type History,
  renderRows,
  RULE_NAMES,
  RULES,
  SMALL_WORLDS,
  VERIFIED_KERNEL,
  type VerifyResult,
} from '@s2bench/verify';
import type { KnownStrategy } from '../plugins/probe.ts';
import type { Findings } from './explore-all.ts';
import { shortestOfEach } from './shortest.ts';
import type { WorldTask } from './task.ts';

/** The verdicts of a matrix. */
export interface Verdicts {
  of(cell: Cell): Verdict;
  /** What unsafe verdicts link to, by name. */
  readonly pages: readonly ProofPage[];
}

/** What one verdict is of. */
interface Question {
  readonly strategy: string;
  readonly history: History;
  readonly fwb: boolean;
}

/** Columns of a counterexample in a page. */
const PAGE_COLUMNS = 110;

/** What is to be explored for cells, each world once. */
export function tasksFor(
  cells: readonly Cell[],
  strategies: readonly KnownStrategy[],
  profiles: readonly Profile[],
): WorldTask[] {
  const questions = new Map(
    cells.flatMap((cell) => questionOf(cell, profiles) ?? []).map((question) => [keyOf(question), question]),
  );
  return [...questions.values()].flatMap(({ strategy, history, fwb }) => {
    const url = strategies.find(({ name }) => name === strategy)?.location.entryUrl;
    if (url === undefined) return [];
    return SMALL_WORLDS.filter(({ histories }) => histories.includes(history)).map((world): WorldTask => {
      return {
        subject: { kind: 'strategy', name: strategy, url },
        world,
        history,
        fwb,
        rules: RULE_NAMES,
        bounds: {},
        everyRule: true,
      };
    });
  });
}

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

/** What a cell's verdict is of; `undefined` where no world shows its history, or its kernel is not the one that is explored. */
function questionOf({ strategy, history, kernel, profile }: Cell, profiles: readonly Profile[]): Question | undefined {
  const known = HISTORIES.find((name) => name === history);
  const machine = profiles.find(({ name }) => name === profile);
  if (known === undefined || machine === undefined || kernel !== VERIFIED_KERNEL) return undefined;
  return { strategy, history: known, fwb: machine.features.fwb };
}

function keyOf({ strategy, history, fwb }: Question): string {
  return `${strategy}\n${history}\n${fwb}`;
}

function verdictOf(results: readonly VerifyResult[]): Verdict {
  const page = pageOf(results);
  if (page !== undefined) return { status: 'unsafe', rule: page.broken[0]?.rule ?? '', counterexample: page.file };
  const isSafe = results.length > 0 && results.every(({ verdict }) => verdict === 'safe');
  return { status: isSafe ? 'safe' : 'not-explored' };
}

function pageOf(results: readonly VerifyResult[]): ProofPage | undefined {
  const shortest = shortestOfEach(results);
  const [first] = shortest;
  if (first === undefined) return undefined;
  const { strategy, history, fwb } = first;
  const name = [strategy.replaceAll(/[^\w-]+/g, '-'), history, ...(fwb ? ['fwb'] : [])].join('-');
  return {
    file: `counterexamples/${name}.md`,
    strategy,
    history,
    fwb,
    command: `s2bench verify '${strategy}' --history ${history} --fwb ${fwb ? 'on' : 'off'}`.replace(
      /'([\w-]+)'/,
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
