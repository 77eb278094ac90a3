/** Ranks the strategies of one run: in each setting the fastest that is safe, and what is lost by always taking one. */
import { okResults, settingKey, stagesOf } from '../cells.ts';
import { unexploredText } from '../findings/stale.ts';
import { lastCommonStage } from '../findings/pairs.ts';
import { isShownAsNothing } from '../format/percent.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../schema.ts';
import { type RankedSetting, type Ranking, RANKING_SCHEMA_VERSION, type Standing } from './document.ts';
import { turnsOf } from './turns.ts';

/** Results that cannot be ranked, in one line that says what would be right. */
export class RankingError extends Error {
  override readonly name = 'RankingError';
}

/** What is ranked, and beside whom. */
export interface RankingOptions {
  /** The strategy that factors are of; left out: baseline, or the first where it is not among them. */
  readonly reference?: string | undefined;
  /** Strategies are ranked too in which nothing was found, though a bound has cut off some of their explorations. */
  readonly bounded?: boolean | undefined;
  /** Left out: the last that all cells have. */
  readonly stage?: StageName | undefined;
}

/**
 * Ranks. A strategy that breaks a rule in any cell of the document is ranked nowhere: who takes it takes it in every history.
 *
 * @throws RankingError where there is no verdict, no other strategy, or no such stage or reference
 */
export function rankResults(
  document: ResultDocument,
  { reference: asked, stage, bounded = false }: RankingOptions,
): Ranking {
  const results = okResults(document);
  const chosen = stageOf(results, stage);
  const names = [...new Set(results.map(({ cell }) => cell.strategy))];
  if (names.length < 2) throw new RankingError('has one strategy only: there is nothing to rank');
  const reference = asked ?? names.find((name) => name === 'baseline') ?? names[0] ?? '';
  if (!names.includes(reference))
    throw new RankingError(`has no strategy ${reference}: the reference must be one of ${names.join(', ')}`);
  const unsafe = unsafeOf(document, names);
  const barred = new Set(unsafe.map(({ strategy }) => strategy));
  if (!results.some(({ verdict }) => isJudged(verdict, bounded)))
    throw new RankingError(
      results.some(({ verdict }) => verdict?.bounded !== undefined)
        ? 'has no verdict that is complete, and only what is safe is ranked: --bounded ranks what nothing was found in up to a bound'
        : 'has no verdicts, and only what is safe is ranked: run it with --verify',
    );
  const settings = groupsOf(results).map((group) =>
    rankSetting(document, group, { stage: chosen, reference, barred, bounded }),
  );
  return {
    schemaVersion: RANKING_SCHEMA_VERSION,
    tool: 's2bench rank',
    command: document.command,
    stage: chosen,
    reference,
    settings,
    always: alwaysOf(settings),
    unsafe,
    notVerified: names.filter((name) =>
      results.some(
        ({ cell, verdict }) =>
          cell.strategy === name &&
          verdict?.status !== 'safe' &&
          !(bounded && verdict?.bounded !== undefined) &&
          !barred.has(name),
      ),
    ),
  };
}

function stageOf(results: readonly OkResult[], asked: StageName | undefined): StageName {
  const common = stagesOf(results).filter((stage) => results.every(({ stages }) => stages[stage] !== undefined));
  const stage = asked ?? lastCommonStage(results);
  if (results.length === 0 || stage === undefined) throw new RankingError('has no stage that all cells have');
  if (!common.includes(stage))
    throw new RankingError(`does not have the stage ${stage} in all cells: it must be one of ${common.join(', ')}`);
  return stage;
}

/** Cells that differ in the strategy alone, in the document's order. */
function groupsOf(results: readonly OkResult[]): readonly (readonly OkResult[])[] {
  return [...Map.groupBy(results, ({ cell }) => settingKey(cell)).values()];
}

function unsafeOf({ cells }: ResultDocument, names: readonly string[]): Ranking['unsafe'] {
  return names.flatMap((strategy) => {
    const broken = cells.flatMap(({ cell, verdict }) =>
      cell.strategy === strategy && verdict?.status === 'unsafe' ? [verdict.rule ?? 'a rule'] : [],
    );
    return broken.length === 0 ? [] : [{ strategy, rules: [...new Set(broken)] }];
  });
}

/** What the strategies of a setting are ranked by. */
interface RankedBy {
  readonly stage: StageName;
  readonly reference: string;
  /** Unsafe in some history: ranked in none. */
  readonly barred: ReadonlySet<string>;
  readonly bounded: boolean;
}

function isJudged(verdict: OkResult['verdict'], bounded: boolean): boolean {
  if (verdict === undefined) return false;
  return verdict.status !== 'not-explored' || (bounded && verdict.bounded !== undefined);
}

function rankSetting(
  document: ResultDocument,
  group: readonly OkResult[],
  { stage, reference, barred, bounded }: RankedBy,
): RankedSetting {
  const isRanked = ({ cell, verdict }: OkResult): boolean =>
    (verdict?.status === 'safe' || (bounded && verdict?.bounded !== undefined)) && !barred.has(cell.strategy);
  const timeOf = ({ stages }: OkResult): number => stages[stage]?.timeNs ?? 0;
  const ranked = group.filter(isRanked).sort((a, b) => timeOf(a) - timeOf(b));
  const referenceNs = group.filter(({ cell }) => cell.strategy === reference).map(timeOf)[0];
  const bestNs = ranked[0] === undefined ? 0 : timeOf(ranked[0]);
  const standings = ranked.map((result): Standing => {
    const { timeNs = 0, invalidWindow, lockWaitNs = 0 } = result.stages[stage] ?? {};
    return {
      strategy: result.cell.strategy,
      timeNs,
      longestWindowNs: invalidWindow?.longestNs ?? 0,
      lockWaitNs,
      speedup: referenceNs === undefined || timeNs === 0 ? null : referenceNs / timeNs,
      regretPercent: bestNs === 0 ? 0 : (timeNs / bestNs - 1) * 100,
      ...(result.verdict?.status !== 'safe' && { isBounded: true as const }),
      isPareto: false,
    };
  });
  const profile = document.profiles.find(({ name }) => name === group[0]?.cell.profile);
  return {
    setting: settingOf(group[0]?.cell),
    ranked: standings.map((one) => ({ ...one, isPareto: !standings.some((other) => dominates(other, one)) })),
    unranked: group
      .filter((result) => !isRanked(result))
      .map((result) => ({
        strategy: result.cell.strategy,
        reason: barred.has(result.cell.strategy) ? 'unsafe' : `no verdict (${unexploredText(result.verdict)})`,
        timeNs: timeOf(result),
      })),
    turns: profile === undefined ? [] : turnsOf(ranked, stage, profile),
  };
}

function settingOf(cell: Cell | undefined): RankedSetting['setting'] {
  if (cell === undefined) throw new RangeError('a setting has one cell at least');
  const { strategy: _strategy, logStart: _start, logStop: _stop, ...setting } = cell;
  return setting;
}

function dominates(one: Standing, other: Standing): boolean {
  const pairs = [
    [one.timeNs, other.timeNs],
    [one.longestWindowNs, other.longestWindowNs],
    [one.lockWaitNs, other.lockWaitNs],
  ] as const;
  return pairs.every(([a, b]) => a <= b) && pairs.some(([a, b]) => a < b);
}

function alwaysOf(settings: readonly RankedSetting[]): Ranking['always'] {
  const names = new Set(settings.flatMap(({ ranked }) => ranked.map(({ strategy }) => strategy)));
  const rows = [...names].flatMap((strategy) => {
    const own = settings.flatMap(({ setting, ranked }) => {
      const found = ranked.find((standing) => standing.strategy === strategy);
      return found === undefined ? [] : [{ setting, regret: found.regretPercent }];
    });
    const worst = own.reduce((most, one) => (one.regret > most.regret ? one : most), own[0] ?? { regret: 0 });
    if (!('setting' in worst)) return [];
    return [
      {
        strategy,
        wins: own.filter(({ regret }) => isShownAsNothing(regret)).length,
        settings: own.length,
        meanRegretPercent: own.reduce((sum, { regret }) => sum + regret, 0) / own.length,
        worstRegretPercent: worst.regret,
        worstSetting: worst.setting,
      },
    ];
  });
  return rows.sort((a, b) => a.worstRegretPercent - b.worstRegretPercent);
}
