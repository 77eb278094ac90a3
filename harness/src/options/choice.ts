/** Values that come from a closed list. */
import { knownNames, UsageError } from '../cli/errors.ts';
import { splitList } from './run-flags.ts';

/**
 * Takes a value that must be one of `names`.
 *
 * @param origin - the option that it stands in, for messages
 * @param what - what the names are names of, for messages: "kernel model"
 * @throws UsageError with the nearest name and all names
 */
export function parseChoice<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new UsageError(`${origin} ${text}: unknown ${what}; ${knownNames(text, names)}`);
  return found;
}

/**
 * Takes a comma-separated list of such values; one that stands there twice counts once.
 *
 * @throws UsageError at the first that is none of the names
 */
export function parseChoices<T extends string>(text: string, origin: string, what: string, names: readonly T[]): T[] {
  return [...new Set(splitList(text).map((item) => parseChoice(item, origin, what, names)))];
}
