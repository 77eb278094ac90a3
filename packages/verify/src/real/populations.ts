/**
 * Which entries of a real table are valid before a coalesce: systematic patterns, since 2^512 are too many.
 *
 * To a strategy an entry is valid or not, and has a place and a size; what it decides by are counts and places. A threshold
 * divides the counts, or the places, in two. So patterns have every count that lies beside a power of two, or beside
 * one less or more than one, as what comes first and as what comes last, and one hole at every such place. A threshold
 * that is no power of two lies between two of them, and either side of it is met.
 */

/** Entries of one table that are valid, as ranges `[first, behind)`. */
export interface Population {
  readonly name: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** The patterns of a table of so many entries, each once. */
export function populationsOf(entries: number): Population[] {
  const found = new Map<string, Population>();
  const add = (name: string, ...ranges: readonly (readonly [number, number])[]): void => {
    const valid = ranges.filter(([first, behind]) => behind > first);
    const key = valid.map(([first, behind]) => `${first}-${behind}`).join();
    if (valid.length > 0 && !found.has(key)) found.set(key, { name, ranges: valid });
  };
  add('full', [0, entries]);
  for (const place of placesIn(entries)) {
    add(`first-${place}`, [0, place]);
    add(`last-${place}`, [entries - place, entries]);
    add(`hole-at-${place}`, [0, place], [place + 1, entries]);
    add(`only-${place}`, [place, place + 1]);
  }
  for (const step of [2, 64]) {
    const ranges = Array.from({ length: entries / step }, (_, at) => [at * step, at * step + 1] as const);
    add(`every-${step}`, ...ranges);
  }
  return [...found.values()];
}

/** Powers of two below a number, what is beside them, and its own last. */
function placesIn(entries: number): number[] {
  const places = new Set<number>([0]);
  for (let power = 1; power <= entries; power *= 2)
    for (const place of [power - 1, power, power + 1]) if (place < entries) places.add(place);
  return [...places];
}
