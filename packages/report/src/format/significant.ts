/** Decimal numbers with a fixed count of significant digits, never in exponent form. */

/** The value with so many significant digits: `2.88`, `155`, `0.0123`. Integers of more digits are kept whole. */
export function formatSignificant(value: number, digits = 3): string {
  if (value === 0) return '0';
  // Rounding may carry into the next decade (9.996 becomes 10.0), so the decade is that of the rounded value.
  const rounded = Number(value.toPrecision(digits));
  const decade = Math.floor(Math.log10(Math.abs(rounded)));
  const decimals = Math.min(100, Math.max(0, digits - 1 - decade));
  return decimals === 0 ? value.toFixed(0) : rounded.toFixed(decimals);
}
