/** A confidence interval of the ratio of two wall times. */
import { medianSorted, quantileSorted, sampleWithReplacement } from 'simple-statistics';
import { median } from '../statistics.ts';

/** A ratio and where it may be. */
export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Probability that the interval holds the ratio. */
export const CONFIDENCE = 0.95;

const RESAMPLES = 2000;
/** From so many pairs on their ratios say enough without what is within the rounds. */
export const ENOUGH_PAIRS = 5;
/** From here on the rounds alone are drawn again: what differs between processes outweighs what differs within. */
const ENOUGH_ROUNDS = 5;
/** Of more samples of a round, as many quantiles stand for all. */
const MAX_SAMPLES = 100;
const SEED = 0x5eed;

/**
 * The ratio where round by round one of each was run beside the other: the median of the pairs' ratios, with a percentile
 * bootstrap over pairs. What else the machine does from round to round falls on both of a pair, and so out of the ratio.
 *
 * @param base - a median for each pair
 * @param head - a median for each pair; the ratio is head over base
 */
export function pairedRatioInterval(base: readonly number[], head: readonly number[]): RatioInterval {
  const ratios = head.map((headNs, pair) => headNs / (base[pair] ?? NaN));
  const random = randomFrom(SEED);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    median(sampleWithReplacement([...ratios], ratios.length, random)),
  ).sort((a, b) => a - b);
  return {
    ratio: median(ratios),
    low: quantileSorted(drawn, (1 - CONFIDENCE) / 2),
    high: quantileSorted(drawn, (1 + CONFIDENCE) / 2),
  };
}

/**
 * The ratio of the medians of the rounds' medians, with a percentile bootstrap. The samples of one process are not
 * independent: code is compiled once, memory laid out once. So rounds are drawn with replacement, and where there are few
 * also the samples in them.
 *
 * @param base - rounds of samples
 * @param head - rounds of samples; the ratio is head over base
 */
export function ratioInterval(
  base: readonly (readonly number[])[],
  head: readonly (readonly number[])[],
): RatioInterval {
  const [before, after] = [base.map(thinned), head.map(thinned)];
  const random = randomFrom(SEED);
  const isFew = Math.min(before.length, after.length) < ENOUGH_ROUNDS;
  const drawn = (rounds: readonly (readonly number[])[], medians: readonly number[]): number =>
    isFew
      ? median(
          sampleWithReplacement([...rounds], rounds.length, random).map((round) =>
            median(sampleWithReplacement([...round], round.length, random)),
          ),
        )
      : median(sampleWithReplacement([...medians], medians.length, random));
  const [mediansBefore, mediansAfter] = [before.map(medianSorted), after.map(medianSorted)];
  const ratios = Array.from(
    { length: RESAMPLES },
    () => drawn(after, mediansAfter) / drawn(before, mediansBefore),
  ).sort((a, b) => a - b);
  return {
    ratio: median(mediansAfter) / median(mediansBefore),
    low: quantileSorted(ratios, (1 - CONFIDENCE) / 2),
    high: quantileSorted(ratios, (1 + CONFIDENCE) / 2),
  };
}

/** The samples in order, or quantiles of them where there are many. */
function thinned(samples: readonly number[]): number[] {
  const sorted = [...samples].sort((a, b) => a - b);
  if (sorted.length <= MAX_SAMPLES) return sorted;
  return Array.from({ length: MAX_SAMPLES }, (_, index) => quantileSorted(sorted, (index + 0.5) / MAX_SAMPLES));
}

/** Mulberry32: the same samples give the same interval. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
