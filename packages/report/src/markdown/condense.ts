/**
 * What does not vary goes from a table into a line below it: a column with one value, and a setting that changes nothing.
 * A reader finds the rows that differ, and a phone has room for them.
 */
import type { RootContent } from 'mdast';
import { details, paragraph, table } from './tree.ts';
import type { Column, Inline, TableContent } from './tree.ts';
import { enumerate } from './words.ts';

/** A table whose first columns say which setting a row is of. */
export interface SettingTable extends TableContent {
  /** How many columns those are. */
  readonly settings: number;
  /** The other columns are measures of their own, each of which may go where it is the same in all rows. */
  readonly ofMeasures?: boolean;
}

type Cell = readonly Inline[];
type Row = readonly Cell[];

/** Rows from which on a measure that does not vary is worth a line instead of a column. */
const FEW_ROWS = 3;
/** Rows that a table may have before it is folded away. */
const LONG_TABLE_ROWS = 14;

/** The table and the line below it. */
export function condensed(content: SettingTable): readonly RootContent[] {
  const { columns, rows, constant, indifferent } = condense(content);
  const sentences: (readonly Inline[])[] = [
    ...(constant.length === 0 ? [] : [['In all rows: ', ...enumerate(constant), '.']]),
    ...indifferent.map(({ label, values }) => [`The same for each ${label}: `, ...enumerate(values), '.']),
  ];
  const line = sentences.flatMap((sentence, at): readonly Inline[] => (at === 0 ? sentence : [' ', ...sentence]));
  return [table({ columns, rows }), ...(line.length === 0 ? [] : [paragraph(...line)])];
}

/** The same, folded away where it is long. */
export function condensedWhenLong(summary: string, content: SettingTable): readonly RootContent[] {
  return condense(content).rows.length > LONG_TABLE_ROWS ? details(summary, ...condensed(content)) : condensed(content);
}

interface Condensed extends TableContent {
  /** What all rows have, with what it is. */
  readonly constant: readonly Cell[];
  /** Settings that nothing depends on. */
  readonly indifferent: readonly { readonly label: string; readonly values: readonly Cell[] }[];
}

function condense({ columns, rows, settings, ofMeasures = false }: SettingTable): Condensed {
  const constant: Cell[] = [];
  const indifferent: { label: string; values: readonly Cell[] }[] = [];
  let left: { columns: readonly Column[]; rows: readonly Row[] } = { columns, rows };
  let keys = settings;
  // From the right, so that places to the left stay what they are.
  for (let at = columns.length - 1; at >= 0; at--) {
    const label = columns[at]?.label ?? '';
    const values = distinct(left.rows.map((row) => row[at] ?? []));
    const isSetting = at < settings;
    if (left.rows.length < 2 || left.columns.length <= 2) break;
    if (values.length === 1 && (isSetting || (ofMeasures && left.rows.length >= FEW_ROWS))) {
      constant.unshift([`${label} `, ...(values[0] ?? [])]);
      left = without(left, at);
      if (isSetting) keys--;
    } else if (isSetting && keys > 1 && changesNothing(left.rows, at, values.length, keys)) {
      indifferent.unshift({ label, values });
      left = without({ ...left, rows: distinct(left.rows.map((row) => row.toSpliced(at, 1, []))) }, at);
      keys--;
    }
  }
  return { ...left, constant, indifferent };
}

/** Whether each setting beside it has a row for every value of this one, and all of them are the same. */
function changesNothing(rows: readonly Row[], at: number, values: number, keys: number): boolean {
  const groups = Map.groupBy(rows, (row) => textOf(row.slice(0, keys).toSpliced(at, 1)));
  return [...groups.values()].every(
    (group) => group.length === values && distinct(group.map((row) => row.toSpliced(at, 1))).length === 1,
  );
}

function without(
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly Row[] },
  at: number,
): { readonly columns: readonly Column[]; readonly rows: readonly Row[] } {
  return { columns: columns.toSpliced(at, 1), rows: rows.map((row) => row.toSpliced(at, 1)) };
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [textOf(value), value])).values()];
}

function textOf(value: unknown): string {
  return JSON.stringify(value);
}
