/** Which strategy to take, over a whole matrix: what a ranking of all its settings comes to, in one sentence. */
import { okResults } from '../cells.ts';
import { formatFactor } from '../format/factor.ts';
import { formatPercent, isShownAsNothing } from '../format/percent.ts';
import type { RankedSetting, Ranking } from '../rank/document.ts';
import { RankingError, rankResults } from '../rank/rank.ts';
import type { ResultDocument } from '../schema.ts';

/** With fewer settings than these the tables are the answer. */
const FEWEST_SETTINGS = 12;

/** The ranking of a document beside its first strategy; `undefined` where it has few settings, or nothing to be ranked. */
export function rankingOf(document: ResultDocument): Ranking | undefined {
  const reference = okResults(document)[0]?.cell.strategy;
  // The two sides of a series are nothing to choose between.
  if (reference === undefined || document.variants !== undefined) return undefined;
  try {
    const ranking = rankResults(document, { reference });
    return ranking.settings.length < FEWEST_SETTINGS || ranking.always.length < 2 ? undefined : ranking;
  } catch (error) {
    if (error instanceof RankingError) return undefined;
    throw error;
  }
}

/** The strategy that loses least where it loses most, and what it gains: a sentence without a full stop. */
export function bestSentence({ always, settings, reference, unsafe }: Ranking): string {
  const [best] = always;
  if (best === undefined) return 'No strategy is safe in any setting';
  const { strategy, wins, settings: own, worstRegretPercent } = best;
  const behind = isShownAsNothing(worstRegretPercent)
    ? ''
    : `, never more than ${formatPercent(worstRegretPercent)} behind`;
  const gains = settings.flatMap((setting) => speedupIn(setting, strategy) ?? []);
  const gain =
    strategy === reference || gains.length === 0
      ? ''
      : `: ${times(Math.min(...gains))} to ${times(Math.max(...gains))} times as fast as ${reference}`;
  const faster = unsafe.length === 0 ? '' : `Of what is safe `;
  return `${faster}${strategy} is first in ${String(wins)} of ${String(own)} settings${behind}${gain}`;
}

/** How many times as fast as the reference a strategy is in a setting; `undefined` where one of the two is not ranked there. */
export function speedupIn({ ranked }: RankedSetting, strategy: string): number | undefined {
  return ranked.find((standing) => standing.strategy === strategy)?.speedup ?? undefined;
}

/** `1.83`, `12`. */
export function times(factor: number): string {
  return factor < 10 ? factor.toFixed(2) : formatFactor(factor);
}
