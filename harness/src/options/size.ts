/** Sizes as users write them: 4K, 2M, 20G, 1T. */
import { UsageError } from '../cli/errors.ts';

const UNITS = ['K', 'M', 'G', 'T'] as const;

/**
 * Reads a size.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where there is no unit, another unit, or no whole positive number
 */
export function parseSize(text: string, origin: string): number {
  const match = /^(\d+)([A-Za-z]*)$/.exec(text);
  if (match === null)
    throw new UsageError(`${origin} ${text}: not a size; write a whole number and a unit, for example 20G`);
  const [, digits = '', unit = ''] = match;
  if (unit === '') {
    throw new UsageError(`${origin} ${text}: a size needs a unit (K, M, G or T), for example ${text}G`);
  }
  const power = (UNITS as readonly string[]).indexOf(unit.toUpperCase()) + 1;
  if (power === 0) {
    throw new UsageError(
      `${origin} ${text}: unknown unit ${unit}; the units are K, M, G and T, for example ${digits}G`,
    );
  }
  const sizeBytes = Number(digits) * 1024 ** power;
  if (sizeBytes === 0) throw new UsageError(`${origin} ${text}: must be more than nothing, for example 1${unit}`);
  if (!Number.isSafeInteger(sizeBytes)) {
    throw new UsageError(`${origin} ${text}: larger than any guest; a guest's address space ends at 256T`);
  }
  return sizeBytes;
}

/** Writes a size with the largest unit that leaves a whole number. */
export function formatSize(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = '';
  for (const next of UNITS) {
    if (value % 1024 !== 0) break;
    value /= 1024;
    unit = next;
  }
  return `${value}${unit}`;
}
