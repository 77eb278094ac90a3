/**
 * Which entries of a real table are valid before a coalesce: systematic patterns, since 2^512 are too many.
 *
 * To a strategy an entry is valid or not, and has a place and a size; what it decides by are counts and places. A threshold
 * divides the counts, or the places, in two. So patterns have every count that lies beside a power of two, or beside
 * one less or more than one, as what comes first and as what comes last, and one hole at every such place. A threshold
 * that is no power of two lies between two of them, and either side of it is met.
 *
 * A condition that is no threshold parts them otherwise: a count that is odd, from 100 to 110, or 300; two holes so far apart.
 * Where a table has few entries all counts are met, all places, and all distances of two holes.
 */

/** Entries of one table that are valid, as ranges `[first, behind)`. */
export interface Population {
  readonly name: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** The patterns of a table of so many entries, each once. */
export function populationsOf(entries: number): Population[] {
  return patternsOf(entries, placesIn(entries), []);
}

/** Every count, as what comes first and as what comes last; every single hole and entry; two holes, at every distance. */
export function everyCountOf(entries: number): Population[] {
  const places = Array.from({ length: entries }, (_, place) => place);
  return patternsOf(entries, places, places.slice(1));
}

/** @param distances - of two holes, of which one is the first entry */
function patternsOf(entries: number, places: readonly number[], distances: readonly number[]): Population[] {
  const found = new Map<string, Population>();
  const add = (name: string, ...ranges: readonly (readonly [number, number])[]): void => {
    const valid = ranges.filter(([first, behind]) => behind > first);
    const key = valid.map(([first, behind]) => `${first}-${behind}`).join();
    if (valid.length > 0 && !found.has(key)) found.set(key, { name, ranges: valid });
  };
  add('full', [0, entries]);
  for (const place of places) {
    add(`first-${place}`, [0, place]);
    add(`last-${place}`, [entries - place, entries]);
    add(`hole-at-${place}`, [0, place], [place + 1, entries]);
    add(`only-${place}`, [place, place + 1]);
  }
  for (const distance of distances) add(`holes-0-${distance}`, [1, distance], [distance + 1, entries]);
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
