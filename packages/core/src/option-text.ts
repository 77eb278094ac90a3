/**
 * Names with options, as text: `mine?threshold=16&order=first`. Strategies and kernel models are written so, on the
 * command line, in config files and in results.
 */
import type { OptionsSchema } from './strategy.ts';

/** An option as it was written, with one value. */
export type OptionText = readonly [name: string, value: string];

/** What can have been given for an option. */
type Scalar = string | number | boolean;

/** What stands before the `?`, and what follows it. */
export function splitOptions(text: string): { base: string; query: string | undefined } {
  const at = text.indexOf('?');
  return at < 0 ? { base: text, query: undefined } : { base: text.slice(0, at), query: text.slice(at + 1) };
}

/**
 * The options of a query, each with a value or, separated by commas, a list of them.
 *
 * @throws RangeError where they are malformed, with what would be right
 */
export function readOptions(query: string): [name: string, values: string[]][] {
  if (query === '') return [];
  const options = query.split('&').map((item): [string, string[]] => {
    const at = item.indexOf('=');
    if (at <= 0) throw new RangeError(`option "${item}" has no value; write NAME=VALUE, joined by &`);
    const values = item.slice(at + 1).split(',');
    const name = item.slice(0, at);
    if (values.includes(''))
      throw new RangeError(`option ${name} has an empty value; write ${name}=VALUE or ${name}=A,B`);
    return [name, [...new Set(values)]];
  });
  const names = options.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new RangeError(`option ${twice} stands there twice; write ${twice}=A,B for two values`);
  return options;
}

/** Writes a name with options. */
export function formatOptions(base: string, options: readonly OptionText[]): string {
  return options.length === 0 ? base : `${base}?${options.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

/** The name of what has these options once some of them were given: those, in the order of the schema. */
export function nameWithOptions(base: string, schema: OptionsSchema, given: object): string {
  const values = given as Record<string, Scalar | undefined>;
  return formatOptions(
    base,
    Object.keys(schema.shape).flatMap((name): OptionText[] => {
      const value = values[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
