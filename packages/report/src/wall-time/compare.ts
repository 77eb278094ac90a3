/** Two sets of wall times, benchmark by benchmark. */
import { isDeepStrictEqual } from 'node:util';
import { breakLines } from '../text/lines.ts';
import { median } from '../statistics.ts';
import { CONFIDENCE, ENOUGH_PAIRS, pairedRatioInterval, ratioInterval } from './bootstrap.ts';
import type { RatioInterval } from './bootstrap.ts';
import type { WallTimes } from './document.ts';

/** What can be said of a benchmark. */
export type Claim = 'faster' | 'slower' | 'no difference shown';

/** One benchmark, head over base. */
export interface WallTimeRatio extends RatioInterval {
  readonly benchmark: string;
  /** None where the interval holds 1. */
  readonly claim: Claim;
}

/** Two sets of wall times. */
export interface WallTimeComparison {
  readonly base: string;
  readonly head: string;
  readonly baseRounds: number;
  readonly headRounds: number;
  /** Whether the rounds of the two took turns. */
  readonly isInterleaved: boolean;
  /** Whether ratios are those of rounds side by side, so that what both met together is in none. */
  readonly isPaired: boolean;
  readonly warnings: readonly string[];
  readonly ratios: readonly WallTimeRatio[];
}

/** Wall times, and what their reader calls them. */
export interface NamedWallTimes {
  readonly name: string;
  readonly times: WallTimes;
}

/** Compares wall times. Only benchmarks that every round of both has run are compared. */
export function compareWallTimes(base: NamedWallTimes, head: NamedWallTimes): WallTimeComparison {
  const all = [...base.times.rounds, ...head.times.rounds];
  const names = Object.keys(all[0]?.samplesNs ?? {}).filter((name) =>
    all.every(({ samplesNs }) => samplesNs[name] !== undefined),
  );
  const isInterleaved = takeTurns(base.times, head.times);
  const pairs = Math.min(base.times.rounds.length, head.times.rounds.length);
  const isPaired = isInterleaved && pairs >= ENOUGH_PAIRS && base.times.rounds.length === head.times.rounds.length;
  const inOrder = ({ rounds }: WallTimes): WallTimes['rounds'] =>
    [...rounds].sort((one, other) => one.startedMs - other.startedMs);
  const mediansOf = (times: WallTimes, name: string): number[] =>
    inOrder(times).map(({ samplesNs }) => median(samplesNs[name] ?? []));
  const samplesOf = ({ rounds }: WallTimes, name: string): readonly (readonly number[])[] =>
    rounds.map(({ samplesNs }) => samplesNs[name] ?? []);
  return {
    base: base.name,
    head: head.name,
    baseRounds: base.times.rounds.length,
    headRounds: head.times.rounds.length,
    isInterleaved,
    isPaired,
    warnings: [
      ...(all.every(({ machine }) => isDeepStrictEqual(machine, all[0]?.machine))
        ? []
        : ['not all rounds were run on one machine and Node: the ratios say nothing of the code']),
      ...(isInterleaved
        ? []
        : [
            'the rounds did not take turns: a machine that has grown slower meanwhile looks like slower code; --against FOLDER takes turns',
          ]),
    ],
    ratios: names.map((benchmark) => {
      const interval = isPaired
        ? pairedRatioInterval(mediansOf(base.times, benchmark), mediansOf(head.times, benchmark))
        : ratioInterval(samplesOf(base.times, benchmark), samplesOf(head.times, benchmark));
      return { benchmark, ...interval, claim: claimOf(interval) };
    }),
  };
}

/** For a terminal, a mail, or a block of code: no line is wider than 72 columns. */
export function renderWallTimes(comparison: WallTimeComparison): string {
  const { base, head, baseRounds, headRounds, isPaired, warnings, ratios } = comparison;
  const columns = 72;
  const rounds = (count: number): string => `${String(count)} round${count === 1 ? '' : 's'}`;
  return `${[
    ...breakLines(
      `${base} (${rounds(baseRounds)}) -> ${head} (${rounds(headRounds)}), wall time of this host`,
      columns,
      '  ',
    ),
    ...breakLines(
      `${isPaired ? 'median ratio of rounds side by side' : 'ratio of medians'} with its ${String(CONFIDENCE * 100)} % bootstrap interval; no claim where that holds 1`,
      columns,
      '  ',
    ),
    ...warnings.flatMap((warning) => breakLines(`warning: ${warning}`, columns, '  ')),
    ...(ratios.length === 0 ? ['no benchmark is in all rounds'] : []),
    ...ratios.flatMap(({ benchmark, ratio, low, high, claim }) => [
      '',
      ...breakLines(benchmark, columns, '  '),
      `  ${ratio.toFixed(3)}  [${low.toFixed(3)}, ${high.toFixed(3)}]  ${claim}`,
    ]),
    ...(ratios.length === 0 ? [] : ['', ...breakLines(slowerText(ratios), columns, '  ')]),
  ].join('\n')}\n`;
}

/** A change in speed that is worth a look. */
const NOTABLE = 0.03;

/** Who is slower by more than that, and of whom nobody can say: that nothing was shown is not that there is nothing. */
function slowerText(ratios: readonly WallTimeRatio[]): string {
  const limit = 1 + NOTABLE;
  const percent = `${String(NOTABLE * 100)} %`;
  const named = (some: readonly WallTimeRatio[]): string => some.map(({ benchmark }) => benchmark).join('; ');
  const slower = ratios.filter(({ low }) => low > limit);
  const open = ratios.filter(({ low, high }) => low <= limit && high > limit);
  const shown = slower.length === 0 ? 'none' : named(slower);
  const rest = open.length === 0 ? 'ruled out for all others' : `not ruled out for ${named(open)}`;
  return `slower by more than ${percent}: ${shown}; ${rest}`;
}

function claimOf({ low, high }: RatioInterval): Claim {
  if (low > 1) return 'slower';
  return high < 1 ? 'faster' : 'no difference shown';
}

/** ABAB or ABBA: no three rounds of one in a row, and two of each at least. */
function takeTurns(base: WallTimes, head: WallTimes): boolean {
  if (Math.min(base.rounds.length, head.rounds.length) < 2) return false;
  const order = [
    ...base.rounds.map(({ startedMs }) => ({ startedMs, side: 'A' })),
    ...head.rounds.map(({ startedMs }) => ({ startedMs, side: 'B' })),
  ]
    .sort((a, b) => a.startedMs - b.startedMs)
    .map(({ side }) => side)
    .join('');
  return !/AAA|BBB/.test(order);
}
