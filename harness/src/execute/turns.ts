/**
 * At which value of a cost another strategy is first: the cells of a matrix are run again on machines that differ in this cost
 * alone. What was charged says no more than an interval, and nothing where the course of events changes.
 */
import type { AnyCostName, Profile } from '@s2bench/machine';
import type { Ranking, Rerun, ResultDocument } from '@s2bench/report';
import type { CellResult } from '@s2bench/report/schema';
import type { CellJob } from '../plan/run-plan.ts';

/** Runs jobs; results by the place of their cells in the matrix. */
export type RunAgain = (jobs: readonly CellJob[]) => Promise<ReadonlyMap<number, CellResult>>;

/** Factors of the assumed value at which is looked first, nearest to it first. */
const FACTORS = [1 / 4, 1 / 16, 1 / 64];
/** The value is told this exactly. */
const PRECISION = 1.1;

/** What is looked for. */
export interface TurnSearch {
  readonly cost: AnyCostName;
  /** The matrix, whose places the jobs have. */
  readonly document: ResultDocument;
  readonly jobs: readonly CellJob[];
  /** Ranks results in the place of those of the document. */
  readonly rank: (document: ResultDocument) => Ranking;
  readonly runAgain: RunAgain;
}

/** The nearest value above and the nearest below at which a setting's order turns, for each setting of the ranking. */
export async function findTurns(search: TurnSearch): Promise<readonly (readonly Rerun[])[]> {
  const begin = search.rank(search.document);
  const turns: Rerun[][] = [];
  for (const [setting, { ranked }] of begin.settings.entries()) {
    const own: Rerun[] = [];
    const first = ranked[0]?.strategy;
    const names = new Set(ranked.map(({ strategy }) => strategy));
    const at = (value: number): Promise<string | undefined> => firstAt(search, setting, names, value);
    const value = assumedIn(search, setting, begin);
    if (first !== undefined && value !== undefined && names.size > 1) {
      for (const way of ['below', 'above'] as const) {
        const found = await bracket(value, way, first, at);
        if (found !== undefined) own.push({ cost: search.cost, way, value, unit: 'ns', ...found });
      }
    }
    turns.push(own);
  }
  return turns;
}

/** Two values near one another: at the one the order is as it was, at the other somebody else is first. */
async function bracket(
  value: number,
  way: Rerun['way'],
  first: string,
  firstAtValue: (value: number) => Promise<string | undefined>,
): Promise<Pick<Rerun, 'rival' | 'from' | 'to'> | undefined> {
  let same = value;
  let turned: number | undefined;
  let rival = '';
  for (const factor of FACTORS) {
    const next = way === 'below' ? value * factor : value / factor;
    const now = await firstAtValue(next);
    if (now === undefined || now === first) same = next;
    else {
      [turned, rival] = [next, now];
      break;
    }
  }
  if (turned === undefined) return undefined;
  while (Math.max(turned / same, same / turned) > PRECISION) {
    const middle = Math.sqrt(same * turned);
    const now = await firstAtValue(middle);
    if (now === undefined || now === first) same = middle;
    else [turned, rival] = [middle, now];
  }
  return { rival, from: same, to: turned };
}

function placesOf({ document }: TurnSearch, { settings }: Ranking, setting: number): number[] {
  const wanted = JSON.stringify(settings[setting]?.setting);
  return document.cells.flatMap(({ cell: { strategy: _, logStart: _start, logStop: _stop, ...rest } }, place) =>
    JSON.stringify(rest) === wanted ? [place] : [],
  );
}

function assumedIn(search: TurnSearch, setting: number, ranking: Ranking): number | undefined {
  const places = new Set(placesOf(search, ranking, setting));
  return search.jobs.find(({ index }) => places.has(index))?.profile.costs[search.cost]?.valueNs;
}

/** Who is first in a setting where the cost has a value. */
async function firstAt(
  search: TurnSearch,
  setting: number,
  names: ReadonlySet<string>,
  value: number,
): Promise<string | undefined> {
  const places = new Set(placesOf(search, search.rank(search.document), setting));
  const jobs = search.jobs
    .filter(({ index, cell }) => places.has(index) && names.has(cell.strategy))
    .map((job) => ({ ...job, profile: withCost(job.profile, search.cost, value) }));
  const results = await search.runAgain(jobs);
  const cells = search.document.cells.map((before, place): CellResult => {
    const result = results.get(place);
    return result === undefined ? before : { ...result, ...(before.verdict && { verdict: before.verdict }) };
  });
  return search.rank({ ...search.document, cells }).settings[setting]?.ranked[0]?.strategy;
}

function withCost(profile: Profile, cost: AnyCostName, valueNs: number): Profile {
  const before = profile.costs[cost];
  if (before === undefined) throw new RangeError(`machine profile ${profile.name} has no cost ${cost}`);
  return { ...profile, costs: { ...profile.costs, [cost]: { ...before, valueNs } } };
}
