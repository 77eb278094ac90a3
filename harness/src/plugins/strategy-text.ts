/**
 * The text that names strategies: `baseline,mine?threshold=16,64&order=first`.
 *
 * What follows a `?` are options, joined by `&`, each with a value or a list of them. There a comma separates values,
 * so a strategy with options ends its list: the next one has a `?` too, or stands in a `--strategy` of its own.
 * Kernel models are written in the same way.
 */
import { formatOptions, type OptionText, readOptions, splitOptions } from '@s2bench/core';
import { UsageError } from '../cli/errors.ts';

/** A strategy as it was written: what it is found by, and its options. */
export interface StrategyText {
  readonly base: string;
  readonly options: readonly OptionText[];
}

/** The strategies of a text, each with its options and their lists of values. Empty items stay, to be refused. */
export function splitStrategies(text: string): string[] {
  const found: string[] = [];
  for (const part of text.split(',').map((item) => item.trim())) {
    const last = found.at(-1);
    if (last?.includes('?') === true && !part.includes('?')) found[found.length - 1] = `${last},${part}`;
    else found.push(part);
  }
  return found;
}

/** What a strategy is found by, without its options. */
export function baseOf(text: string): string {
  return splitOptions(text).base;
}

/** The same options on another base. */
export function withBase(text: string, base: string): string {
  return `${base}${text.slice(splitOptions(text).base.length)}`;
}

/**
 * Every strategy that lists of values stand for, the last option's values fastest.
 *
 * @param origin - the option that the text stands in, for messages
 * @throws UsageError where the options are malformed
 */
export function expandStrategy(text: string, origin: string): string[] {
  const { base, query } = splitOptions(text);
  if (query === undefined) return [text];
  const axes = readQuery(query, `${origin} ${text}`);
  const spans = axes.reduce<OptionText[][]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value): OptionText[] => [...row, [name, value]])),
    [[]],
  );
  return spans.map((options) => formatStrategy({ base, options }));
}

/**
 * Reads one strategy.
 *
 * @param origin - the option that the text stands in, for messages
 * @param what - what it names, for messages
 * @throws UsageError where the options are malformed, or name more strategies than one
 */
export function parseStrategy(text: string, origin: string, what = 'strategies'): StrategyText {
  const { base, query } = splitOptions(text);
  if (query === undefined) return { base, options: [] };
  const options = readQuery(query, `${origin} ${text}`).map(([name, values]): OptionText => {
    const [value = '', ...others] = values;
    if (others.length > 0)
      throw new UsageError(`${origin} ${text}: ${values.length} ${what}, where one is wanted; choose a ${name}`);
    return [name, value];
  });
  return { base, options };
}

/** Writes a strategy. */
export function formatStrategy({ base, options }: StrategyText): string {
  return formatOptions(base, options);
}

/** The texts of as few `--strategy` flags as name these strategies in this order. */
export function joinStrategies(texts: readonly string[]): string[] {
  const flags: string[] = [];
  let last: string | undefined;
  for (const text of texts) {
    if (last === undefined || (last.includes('?') && !text.includes('?'))) flags.push(text);
    else flags[flags.length - 1] = `${flags.at(-1) ?? ''},${valueBeside(last, text) ?? text}`;
    last = text;
  }
  return flags;
}

/** The value of a strategy's only option, where the one before differs in that value alone: it joins that one's list. */
function valueBeside(before: string, text: string): string | undefined {
  const [at, end] = [text.indexOf('='), before.indexOf('=')];
  const isOne = at > 0 && !text.includes('&') && !before.includes('&');
  return isOne && text.slice(0, at) === before.slice(0, end) ? text.slice(at + 1) : undefined;
}

function readQuery(query: string, label: string): [string, string[]][] {
  try {
    return readOptions(query);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`${label}: ${error.message}`) : error;
  }
}
