/**
 * `--filter`: which cells of a matrix are wanted. Conditions are joined by `&`, such terms by `|`, which binds less; a
 * condition is an axis, a comparison and a value, or several values where it is `=` or `!=`: `vcpus>=16 & granule=2M,1G`.
 */
import type { Cell } from '@s2bench/report/schema';
import { knownNames, UsageError } from '../cli/errors.ts';
import { NO_HOOK } from '../plugins/hooks.ts';
import { expandStrategy } from '../plugins/strategy-text.ts';
import { axesByName, hasOptions, LIST_KEYS, type ListKey, splitListOf } from './run-flags.ts';
import { formatSize, parseInteger, parseSize } from './values.ts';

/** Cells that are wanted, and how that is written in one way. */
export interface CellFilter {
  readonly text: string;
  readonly wants: (cell: Cell) => boolean;
  /**
   * Whether the cells have what the filter names.
   *
   * @throws UsageError for a value of `=` or `!=` that no cell has, which is a slip of the pen
   */
  readonly requireKnown: (cells: readonly Cell[]) => void;
}

type Axis = Exclude<ListKey, 'stages'>;

const FIELDS = {
  strategy: (cell) => cell.strategy,
  logStart: (cell) => cell.logStart ?? NO_HOOK,
  logStop: (cell) => cell.logStop ?? NO_HOOK,
  vcpus: (cell) => cell.vcpus,
  memory: (cell) => cell.memoryBytes,
  granule: (cell) => cell.granuleBytes,
  pageSize: (cell) => cell.pageSizeBytes,
  backing: (cell) => cell.backing,
  history: (cell) => cell.history,
  profile: (cell) => cell.profile,
  kernel: (cell) => cell.kernel,
  workload: (cell) => cell.workload,
  seed: (cell) => cell.seed,
} as const satisfies Record<Axis, (cell: Cell) => string | number>;

const SIZES: ReadonlySet<Axis> = new Set(['memory', 'granule', 'pageSize']);
const NUMBERS: ReadonlySet<Axis> = new Set(['vcpus', 'seed']);

const AXES = axesByName(LIST_KEYS.filter((key) => key !== 'stages'));

const COMPARISONS = {
  '>=': (a: number, b: number) => a >= b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '<': (a: number, b: number) => a < b,
} as const;

const CONDITION = /^\s*([\w-]+)\s*(>=|<=|!=|=|>|<)\s*(.*?)\s*$/;
const EXAMPLE = "'vcpus>=16 & granule=2M'";

/**
 * Reads a filter.
 *
 * @throws UsageError at the first condition that cannot be
 */
export function parseFilter(text: string, origin: string): CellFilter {
  // What looks like `name?a=1&b=2` is one strategy with its options.
  const terms = text.split('|').map((term) => splitTerm(term).map((one) => parseCondition(one, origin)));
  return {
    text: terms.map((term) => term.map((one) => one.text).join(' & ')).join(' | '),
    wants: (cell) => terms.some((term) => term.every(({ wants }) => wants(cell))),
    requireKnown: (cells) => {
      for (const one of terms.flat()) one.requireKnown(cells);
    },
  };
}

/** Parts between the `&` that have a comparison of their own behind an axis' name; others belong to a strategy's options. */
function splitTerm(term: string): string[] {
  const parts: string[] = [];
  for (const part of term.split('&')) {
    const before = parts.at(-1);
    if (before?.includes('?') === true && !isAxis(part)) parts[parts.length - 1] = `${before}&${part}`;
    else parts.push(part);
  }
  return parts;
}

function isAxis(part: string): boolean {
  return AXES.has(CONDITION.exec(part)?.[1] ?? '');
}

function parseCondition(text: string, origin: string): CellFilter {
  const match = CONDITION.exec(text);
  if (match === null)
    throw new UsageError(
      `${origin} ${text.trim()}: not a condition; write an axis, a comparison and a value: ${EXAMPLE}`,
    );
  const [, name = '', comparison = '', value = ''] = match;
  const axis = AXES.get(name);
  if (axis === undefined)
    throw new UsageError(`${origin} ${name}: unknown axis; ${knownNames(name, [...AXES.keys()])}`);
  const field: (cell: Cell) => string | number = FIELDS[axis];
  const what = `${origin} ${name}`;
  const parts = splitListOf(axis, value);
  const texts = hasOptions(axis) ? parts.flatMap((one) => expandStrategy(one, what)) : parts;
  const values = texts.map((one) => valueOf(axis, one, what));
  const show = (one: string | number): string => (SIZES.has(axis) ? formatSize(Number(one)) : String(one));
  const written = `${name}${comparison}${values.map(show).join()}`;
  if (comparison === '=' || comparison === '!=') {
    const isWanted = comparison === '=';
    const requireKnown = (cells: readonly Cell[]): void => {
      const known = new Set(cells.map(field));
      const unknown = values.find((one) => !known.has(one));
      if (unknown !== undefined)
        throw new UsageError(
          `${what}${comparison}${show(unknown)}: no cell of the matrix has it; ${knownNames(show(unknown), [...known].map(show))}`,
        );
    };
    return { text: written, wants: (cell) => values.includes(field(cell)) === isWanted, requireKnown };
  }
  const [limit, second] = values;
  if (typeof limit !== 'number') throw new UsageError(`${what}: names have no order; compare them with = or !=`);
  if (second !== undefined)
    throw new UsageError(`${what}${comparison}${value}: needs one value; only = and != take a list`);
  const compare = COMPARISONS[comparison as keyof typeof COMPARISONS];
  return { text: written, wants: (cell) => compare(Number(field(cell)), limit), requireKnown: () => undefined };
}

function valueOf(axis: Axis, text: string, origin: string): string | number {
  if (text === '') throw new UsageError(`${origin}: has no value; write it as in ${EXAMPLE}`);
  if (SIZES.has(axis)) return parseSize(text, origin);
  if (NUMBERS.has(axis)) return parseInteger(text, origin, { min: 0, max: Number.MAX_SAFE_INTEGER, example: 16 });
  return text;
}
