/** The values of a comparison as text. */
import { formatBytes } from '../format/bytes.ts';
import { formatCount } from '../format/count.ts';
import { formatSignificant } from '../format/significant.ts';
import { formatTime } from '../format/time.ts';
import { percentOf, ratioOf } from './change.ts';
import type { Change } from './change.ts';
import type { Metric } from './metrics.ts';

const MINUS = '\u2212';
const ENDLESS = '∞';
/** From here on a ratio or a percentage is an order of magnitude. */
const LARGE = 1e5;
const MAX_DECIMALS = 15;

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

/** A ratio with three decimals: `1.060`. Where these would hide the change it has more: `1.00002`. */
export function formatRatio(change: Change): string {
  const ratio = ratioOf(change);
  if (ratio === undefined) return ENDLESS;
  if (ratio >= LARGE) return ratio.toExponential(1);
  if (ratio === 0 || ratio >= 100) return formatSignificant(ratio);
  // As many as show the distance from 1, and from nothing.
  const least = Math.min(ratio, ratio === 1 ? 1 : Math.abs(ratio - 1));
  const decimals = Math.max(3, 1 - Math.floor(Math.log10(least)));
  return decimals > MAX_DECIMALS ? ratio.toExponential(1) : ratio.toFixed(decimals);
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
