/** Factors. */
import { formatCount } from './count.ts';

/** From here on a factor has an exponent. */
const LARGE = 1e9;

/** A factor of one or more, with the two digits that say it: `2.3`, `68 000`. */
export function formatFactor(factor: number): string {
  if (factor >= LARGE) return factor.toExponential(0);
  return factor < 10 ? factor.toFixed(1) : formatCount(Number(factor.toPrecision(2)));
}
