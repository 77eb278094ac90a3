/** How a ranking speaks of settings, strategies and turns: the same in every format. */
import { type Dimension, varyingDimensions, commonCaption } from '../cells.ts';
import { formatFactor } from '../format/factor.ts';
import { formatPercent, isShownAsNothing } from '../format/percent.ts';
import { formatSignificant } from '../format/significant.ts';
import { formatTime } from '../format/time.ts';
import type { Cell } from '../schema.ts';
import type { RankedSetting, Ranking, Rerun, Standing, Turn } from './document.ts';

/** Turns that are shown of a setting. JSON has all. */
const SHOWN_TURNS = 3;

type Setting = RankedSetting['setting'];

/** A strategy in a setting, in the columns of a table. */
export interface StandingRow {
  readonly place: string;
  readonly strategy: string;
  readonly time: string;
  readonly speedup: string;
  readonly regret: string;
  readonly window: string;
  readonly lockWait: string;
}

/** Heads of {@link StandingRow}; `isPareto` is a star before the window. */
export const STANDING_HEADS: StandingRow = {
  place: '',
  strategy: 'strategy',
  time: 'time',
  speedup: 'speed-up',
  regret: 'regret',
  window: 'window',
  lockWait: 'lock wait',
};

/** The rows of a setting. */
export function standingRows({ ranked }: RankedSetting): readonly StandingRow[] {
  return ranked.map((standing, at) => ({
    place: String(at + 1),
    strategy: `${standing.strategy}${standing.isBounded ? ' ?' : ''}${standing.isPareto ? ' *' : ''}`,
    time: formatTime(standing.timeNs),
    speedup: speedupText(standing),
    regret: isShownAsNothing(standing.regretPercent) ? '0 %' : `+${formatPercent(standing.regretPercent)}`,
    window: formatTime(standing.longestWindowNs),
    lockWait: formatTime(standing.lockWaitNs),
  }));
}

function speedupText({ speedup }: Standing): string {
  if (speedup === null) return '';
  return `${speedup < 10 ? speedup.toFixed(2) : formatFactor(speedup)}×`;
}

/** What varies between the settings, so that they can be told apart, and what does not. */
export function settingNames({ settings }: Ranking): {
  readonly common: string;
  readonly nameOf: (setting: Setting) => string;
} {
  const cells = settings.map(({ setting }): Cell => ({ strategy: '', ...setting }));
  const dimensions = varyingDimensions(cells);
  const nameOf = (setting: Setting): string =>
    dimensions.map((dimension: Dimension) => dimension.describe({ strategy: '', ...setting })).join(', ');
  return { common: commonCaption(cells).replace(/^strategy , /, ''), nameOf };
}

/** The sentence about those that are not ranked in a setting. */
export function unrankedText({ unranked }: RankedSetting): string {
  return unranked
    .map(
      ({ strategy, reason, timeNs }) =>
        `${strategy}${timeNs === undefined ? '' : ` (${formatTime(timeNs)})`}: ${reason}`,
    )
    .join('; ');
}

/** What would turn the order of a setting. */
export function turnTexts({ turns, ranked, reruns }: RankedSetting): readonly string[] {
  if (ranked.length < 2) return [];
  if (reruns !== undefined)
    return reruns.length === 0
      ? ['Run again from 1/64 to 64 times the cost, nobody else is first.']
      : reruns.map(rerunText);
  if (turns.length === 0) return ['No assumed cost turns this order, as far as what was charged can say.'];
  return turns.slice(0, SHOWN_TURNS).map(turnText);
}

function rerunText({ rival, cost, way, value, unit, from, to }: Rerun): string {
  const number = (amount: number): string => formatSignificant(amount, 3);
  const than = way === 'above' ? 'more' : 'less';
  return `Run again, ${rival} is first where ${cost} is ${number(to)} ${unit} or ${than}, and not yet at ${number(from)}; it is ${number(value)}.`;
}

function turnText({ rival, cost, value, unit, from, to }: Turn): string {
  const up = from > value;
  const number = (amount: number): string => formatSignificant(amount, 3);
  const until = to === null ? 'or never' : `at ${number(to)} at the latest`;
  return `${rival} is first where ${cost} is ${number(from)} ${unit} or ${up ? 'more' : 'less'} (${until}), not ${number(value)}.`;
}

/** What is lost by always taking one strategy, a line each. */
export function alwaysTexts(ranking: Ranking): readonly string[] {
  const { nameOf } = settingNames(ranking);
  return ranking.always.map(({ strategy, wins, settings, meanRegretPercent, worstRegretPercent, worstSetting }) => {
    const where = nameOf(worstSetting);
    const worst = isShownAsNothing(worstRegretPercent)
      ? 'never slower than another'
      : `at most ${formatPercent(worstRegretPercent)} slower than the fastest${where === '' ? '' : ` (${where})`}, ${formatPercent(meanRegretPercent)} on average`;
    return `${strategy}: first in ${String(wins)} of ${String(settings)}, ${worst}`;
  });
}

/** What is not ranked anywhere, and why. */
export function barredTexts({ unsafe, notVerified }: Ranking): readonly string[] {
  return [
    ...unsafe.map(({ strategy, rules }) => `${strategy} is unsafe and not ranked: it breaks ${rules.join(', ')}`),
    ...notVerified.map((strategy) => `${strategy} has no verdict in some cells and is not ranked there`),
  ];
}

/** What the question mark is. */
export const BOUNDED_NOTE = '? Nothing was found in it, up to a bound that some of its explorations met.';
/** What the turns are. */
export const TURN_NOTE =
  'What would turn an order is an estimate, linear in what results say was charged, from the case that all of it is waited for to the case that it is spread over all vCPUs.';
/** What the star is. */
export const PARETO_NOTE =
  '* No other safe strategy is at least as good in time, longest window and lock wait, and better in one of them.';

/** Whether any strategy is ranked without a complete verdict. */
export function hasBounded({ settings }: Ranking): boolean {
  return settings.some(({ ranked }) => ranked.some(({ isBounded }) => isBounded === true));
}
