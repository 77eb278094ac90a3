/** Sizes in binary units. */
import { formatCount } from './count.ts';
import { formatSignificant } from './significant.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size with three significant digits in its largest binary unit: `20 GiB`, `1.50 MiB`. Whole units stay whole. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.9996 KiB would round to 1024 KiB: it is 1.00 MiB.
  while (unit < UNITS.length - 1 && Math.round(value) >= 1024) {
    value /= 1024;
    unit += 1;
  }
  const text = Number.isInteger(value) || value >= 1000 ? formatCount(value) : formatSignificant(value);
  return `${text} ${UNITS[unit] ?? ''}`;
}
