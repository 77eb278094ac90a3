/** Ranges in lists of numbers and sizes: `a..b`, `a..b:+s` adds, `a..b:xN` multiplies. */
import { UsageError } from '../cli/errors.ts';

/** More values than this nobody means: a slip, such as `0..1000000`. */
const MAX_VALUES = 1024;

/** What a list holds, and how a range in it goes on where it does not say. */
export interface RangeKind {
  /** Reads one value. */
  readonly parse: (text: string, origin: string) => number;
  /** The step of `a..b`: `+1` of numbers, `x2` of sizes. */
  readonly step: string;
  /** A range that would be right, for messages. */
  readonly example: string;
}

const RANGE = /^(.*?)\.\.(.*?)(?::(.*))?$/;

/** Whether an item of a list is a range, be it a right one or not. */
export function isRange(text: string): boolean {
  return text.includes('..');
}

/**
 * The values of an item: those of a range, from its first one as far as they are not beyond its last; or the one value.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where it is no range, runs backwards, stands still or does not end
 */
export function expandRange(text: string, origin: string, { parse, step, example }: RangeKind): number[] {
  if (!isRange(text)) return [parse(text, origin)];
  const { first, last, stepText = step } = partsOf(text, origin, parse, example);
  const next = stepOf(stepText, text, origin, parse);
  const values: number[] = [];
  for (let value = first; value <= last; value = next(value)) {
    values.push(value);
    if (values.length > MAX_VALUES)
      throw new UsageError(
        `${origin} ${text}: more than ${MAX_VALUES} values; take a larger step, for example ${example}`,
      );
  }
  return values;
}

/**
 * The two ends of a range, both included.
 *
 * @throws UsageError where it is no range without a step, or runs backwards
 */
export function rangeEnds(
  text: string,
  origin: string,
  { parse, example }: Omit<RangeKind, 'step'>,
): { readonly first: number; readonly last: number } {
  const { first, last, stepText } = partsOf(text, origin, parse, example);
  if (stepText !== undefined)
    throw new UsageError(`${origin} ${text}: takes all that there are between, without a step; write it as ${example}`);
  return { first, last };
}

function partsOf(text: string, origin: string, parse: RangeKind['parse'], example: string) {
  const [, from = '', to = '', stepText] = RANGE.exec(text) ?? [];
  if (from === '' || to === '')
    throw new UsageError(`${origin} ${text}: a range needs two ends, for example ${example}`);
  const first = parse(from, origin);
  const last = parse(to, origin);
  if (last < first) throw new UsageError(`${origin} ${text}: runs backwards; write it as ${to}..${from}`);
  return { first, last, stepText };
}

function stepOf(stepText: string, text: string, origin: string, parse: RangeKind['parse']): (value: number) => number {
  const sign = stepText.slice(0, 1);
  const amount = stepText.slice(1);
  if (sign === '+') {
    const step = parse(amount, `${origin} ${text}: step`);
    // Seeds may be 0, steps may not.
    if (step > 0) return (value) => value + step;
  } else if (sign === 'x' && /^\d+$/.test(amount)) {
    const factor = Number(amount);
    if (factor >= 2) return (value) => (value === 0 ? Infinity : value * factor);
  }
  throw new UsageError(`${origin} ${text}: ${stepText} is no step; write :+N to add, or :xN to multiply by 2 or more`);
}
