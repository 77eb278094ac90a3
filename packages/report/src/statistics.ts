/** The statistics of a report. Simulated values are exact, so only published samples need any. */
import { median as medianOf, relativeError } from 'simple-statistics';

/** The median of a non-empty sample. */
export function median(sample: readonly number[]): number {
  return medianOf([...sample]);
}

/** How far a value is from the one that it should be, in percent of that; negative where it is too small. */
export function errorPercent(actual: number, expected: number): number {
  return Math.sign(actual - expected) * relativeError(actual, expected) * 100;
}

/** What is saved on the way from one time to another, in percent of the first. */
export function savedPercent(from: number, to: number): number {
  return from === 0 ? 0 : (1 - to / from) * 100;
}
