/** Whole numbers as users write them. */
import { UsageError } from '../cli/errors.ts';

/** What a whole number may be. */
export interface IntegerRange {
  readonly min: number;
  readonly max: number;
  /** A value that would be right, for messages. */
  readonly example: number;
}

/**
 * Reads a whole number.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where it is not one, or out of range
 */
export function parseInteger(text: string, origin: string, range: IntegerRange): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    const limits = range.max === Number.MAX_SAFE_INTEGER ? `from ${range.min} up` : `from ${range.min} to ${range.max}`;
    throw new UsageError(`${origin} ${text}: must be a whole number ${limits}, for example ${range.example}`);
  }
  return value;
}
