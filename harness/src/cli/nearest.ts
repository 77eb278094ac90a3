/** Suggestions for names that are slightly wrong. */
import { distance } from 'fastest-levenshtein';

/** Farther than this share of the longer name, a suggestion would only puzzle. */
const MAX_RELATIVE_DISTANCE = 0.5;

/** The name that is nearest to `wrong`, or `undefined` where none is near. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const edits = distance(wrong.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) {
      best = name;
      bestDistance = edits;
    }
  }
  if (best === undefined) return undefined;
  return bestDistance <= MAX_RELATIVE_DISTANCE * Math.max(wrong.length, best.length) ? best : undefined;
}

/** The end of a message about an unknown name: the nearest one, then all. */
export function knownNames(wrong: string, names: readonly string[]): string {
  const nearest = nearestName(wrong, names);
  if (names.length === 0) return 'none is known';
  const known = names.join(', ');
  return nearest === undefined ? `known: ${known}` : `did you mean ${nearest}? Known: ${known}`;
}
