/** The table of `s2bench bench`. */
import type { Measurement, Ratio } from '@s2bench/kernel/bench';

const NAME_WIDTH = 58;
const NUMBER_WIDTH = 10;

const number = (value: number): string => value.toFixed(value < 10 ? 2 : 1).padStart(NUMBER_WIDTH);

/** Head of the table. */
export const HEADER = `${'nanoseconds a leaf'.padEnd(NAME_WIDTH)}${['best', 'median', 'p99', 'x yardstick', 'runs']
  .map((title) => title.padStart(title === 'x yardstick' ? 13 : NUMBER_WIDTH))
  .join('')}\n`;

/** A line of the table. */
export function measurementLine({ name, bestNs, medianNs, p99Ns, timesYardstick, samples }: Measurement): string {
  const yardsticks = timesYardstick === undefined ? ''.padStart(13) : number(timesYardstick).padStart(13);
  return `${name.padEnd(NAME_WIDTH)}${number(bestNs)}${number(medianNs)}${number(p99Ns)}${yardsticks}${String(samples).padStart(NUMBER_WIDTH)}\n`;
}

/** A line below the table. */
export function ratioLine({ name, ratio }: Ratio): string {
  return `${name.padEnd(NAME_WIDTH)}${number(ratio)}\n`;
}
