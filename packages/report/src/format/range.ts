/** Ranges of formatted values. */

/** Both ends of the values, or the one where they read alike: `0`, `12 to 40 ms`. */
export function formatRange(values: readonly number[], format: (value: number) => string): string {
  if (values.length === 0) return '–';
  const low = format(Math.min(...values));
  const high = format(Math.max(...values));
  return low === high ? low : `${low} to ${high}`;
}
