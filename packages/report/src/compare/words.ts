/** The values of a comparison as text. */
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatFactor } from '../format/factor.ts';
import { formatSignificant } from '../format/significant.ts';
import { formatTime } from '../format/time.ts';
import { isSlight, percentOf } from './change.ts';
import type { Change } from './change.ts';
import type { Metric } from './metrics.ts';

const MINUS = '\u2212';
const ENDLESS = '∞';
/** From here on a percentage is an order of magnitude. */
const LARGE = 1e5;
/** From this factor on, a percentage says nothing: 99.9985 % and 99.9 % less look alike. */
const LEAST_FACTOR = 2;

/** `1 cell`, `24 cells`. */
export function cellCount(count: number): string {
  return `${String(count)} cell${count === 1 ? '' : 's'}`;
}

/** A metric's value in the unit that fits it. */
export function formatValue(metric: Metric, value: number): string {
  switch (metric.unit) {
    case 'ns':
      return formatTime(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
  }
}

/** A change in percent, with its sign, never rounded to nothing: `+6.00 %`, `−0.0012 %`. */
export function formatChange(change: Change): string {
  const percent = percentOf(change);
  if (percent === 0) return '0 %';
  const size = Math.abs(percent);
  const sign = percent < 0 ? MINUS : '+';
  if (size === Infinity) return `${sign}${ENDLESS}`;
  if (size >= LARGE || size < 1e-6) return `${sign}${size.toExponential(1)} %`;
  return `${sign}${size < 0.01 ? formatSignificant(size, 2) : size.toFixed(size >= 100 ? 0 : 2)} %`;
}

/** Whether a change is for the better. */
export type Tone = 'better' | 'worse';

/** Whether it is, where that can be said: some counts are neither good nor bad, and a slight change is nothing. */
export function toneOf(metric: Metric, change: Change): Tone | undefined {
  if (!metric.isCost || change.from === change.to || isSlight(change)) return undefined;
  return change.to < change.from ? 'better' : 'worse';
}

/** The same of words, of which both may be false. */
export function toneOfWords({
  isWorse,
  isBetter,
}: {
  readonly isWorse: boolean;
  readonly isBetter: boolean;
}): Tone | undefined {
  if (isWorse) return 'worse';
  return isBetter ? 'better' : undefined;
}

/**
 * The size of a change as a table shows it: `−6.00 %`, and from a factor of two on `68 000× shorter`. What was nothing
 * before has neither.
 */
export function formatSize(metric: Metric, change: Change): string {
  const { from, to } = change;
  if (from === to) return '=';
  if (from === 0) return 'from none';
  if (to === 0) return 'to none';
  const factor = Math.max(to / from, from / to);
  return factor < LEAST_FACTOR ? formatChange(change) : `${formatFactor(factor)}× ${comparative(metric, change)}`;
}

/** The size of a change in a sentence: `6.00 % longer`, `68 000× shorter`. */
export function sizeInWords(metric: Metric, change: Change): string {
  const size = formatSize(metric, change);
  return size.endsWith('%') ? `${size.slice(1)} ${comparative(metric, change)}` : size;
}

function comparative({ unit }: Metric, { from, to }: Change): string {
  const isLess = to < from;
  if (unit === 'ns') return isLess ? 'shorter' : 'longer';
  if (unit === 'bytes') return isLess ? 'less' : 'more';
  return isLess ? 'fewer' : 'more';
}
