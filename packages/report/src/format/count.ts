/** Counts, in groups of three digits. */

/** Narrow no-break space: a group separator that means the same in every language, and does not break a line. */
export const GROUP_SEPARATOR = '\u202F';

/** A count: `131 073`, with a narrow space. Four digits stand unseparated. */
export function formatCount(count: number): string {
  const digits = Math.round(count).toString();
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, GROUP_SEPARATOR);
}
