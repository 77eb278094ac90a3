/** Percentages and ranges. */
import { formatSignificant } from './significant.ts';

const MINUS = '\u2212';
/** Percentages below this are shown as nothing. */
const LEAST = 1e-4;

/** A share or an error bound: `83 %`, `0.44 %`, `99.7 %`. Close to nothing and to the whole, digits show the difference. */
export function formatPercent(percent: number): string {
  return `${percentDigits(percent)} %`;
}

/** A difference, with its sign: `+0.31 %`. Where two decimals would hide it, it has more: `+0.0017 %`. */
export function formatSignedPercent(percent: number): string {
  const size = Math.abs(percent);
  if (isShownAsNothing(percent)) return '0.00 %';
  const digits = size < 0.01 ? formatSignificant(size, 2) : size.toFixed(2);
  return `${percent < 0 ? MINUS : '+'}${digits} %`;
}

/** A range of percentages, one number where both ends read alike: `83–89 %`. */
export function formatPercentRange(low: number, high: number): string {
  const [from, to] = [percentDigits(low), percentDigits(high)];
  // A dash between signed numbers would read as another sign.
  const dash = low < 0 ? ' to ' : '–';
  return from === to ? `${from} %` : `${from}${dash}${to} %`;
}

/** Whether a percentage is so small that it is shown as nothing. */
export function isShownAsNothing(percent: number): boolean {
  return Math.abs(percent) < LEAST;
}

function percentDigits(percent: number): string {
  const size = Math.abs(percent);
  if (isShownAsNothing(percent)) return '0';
  return percent < 0 ? `${MINUS}${sizeDigits(size)}` : sizeDigits(size);
}

function sizeDigits(size: number): string {
  if (size < 10) return formatSignificant(size, 2);
  // 99.998 is not the whole: as many decimals as its distance from the whole needs.
  const distance = Math.abs(100 - size);
  if (distance > 5 || distance < LEAST) return size.toFixed(0);
  return size.toFixed(Math.max(0, -Math.floor(Math.log10(distance))));
}
