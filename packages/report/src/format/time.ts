/** Times with three significant digits. */
import { formatCount } from './count.ts';
import { formatSignificant } from './significant.ts';

const UNITS = [
  { name: 's', ns: 1e9 },
  { name: 'ms', ns: 1e6 },
  { name: 'µs', ns: 1e3 },
  { name: 'ns', ns: 1 },
] as const;

/** A time in the unit that fits it: `2.88 s`, `155 ms`, `20.1 µs`, `7.70 ns`. */
export function formatTime(timeNs: number): string {
  if (timeNs === 0) return '0 s';
  const rounded = Number(timeNs.toPrecision(3));
  const unit = UNITS.find(({ ns }) => Math.abs(rounded) >= ns) ?? UNITS[3];
  const value = timeNs / unit.ns;
  return `${Math.abs(value) >= 1000 ? formatCount(value) : formatSignificant(value)} ${unit.name}`;
}

/** A time in seconds with three decimals, as the published figures have them: `2.882`. */
export function formatSeconds(seconds: number): string {
  return seconds.toFixed(3);
}
