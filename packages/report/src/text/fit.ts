/** Makes a table fit a terminal: columns are left out, narrowed, or go on in a further table below, in this order. */
import { openTable, totalWidth, widthsOf } from './table.ts';
import type { PlainColumn, PlainRow } from './table.ts';

/** A column, and what may be done to it where the terminal is too narrow. */
export interface FitColumn extends PlainColumn {
  /** It says which row it is: stands in each part of a table that has several. */
  readonly isKey?: boolean;
  /** Its values may go on below themselves. */
  readonly breaks?: boolean;
  /** 0, or left out: stays. Otherwise the highest is the first to be left out. */
  readonly dropRank?: number;
}

/** A table that fits. */
export interface FittedTable {
  readonly text: string;
  /** Labels of what was left out. */
  readonly dropped: readonly string[];
}

/** A column with its width, and where its values stand in a row. */
interface Placed {
  readonly column: FitColumn;
  readonly place: number;
  width: number;
}

/** No column is narrowed below this, as long as there is another way. */
const LEAST_WIDTH = 12;
/** Nor a key below this in any case. */
const LEAST_KEY = 6;

/** The table. No line is wider than the terminal, as long as that has room for the keys and one column more. */
export function fitPlainTable(
  columns: readonly FitColumn[],
  rows: readonly PlainRow[],
  options: { readonly columns: number; readonly color: boolean },
): FittedTable {
  const room = options.columns;
  const widths = widthsOf(columns, rows);
  const all = columns.map((column, place): Placed => ({ column, place, width: widths[place] ?? 0 }));
  const kept = dropped(all, room);
  narrow(
    kept.filter(({ column }) => column.breaks === true),
    room - widthOf(kept),
    LEAST_WIDTH,
  );
  const texts = partsOf(kept, room).map((part) => {
    const cells = rows.map((row) =>
      typeof row === 'string' ? row : part.flatMap(({ place }) => row[place] ?? { text: '' }),
    );
    const table = openTable(
      part.map(({ column }) => column),
      part.map(({ width }) => width),
      { color: options.color, headingColumns: room },
    );
    return [...table.head, ...cells.flatMap((row) => table.row(row))].join('\n');
  });
  const left = all.filter((one) => !kept.includes(one)).sort((one, other) => rankOf(other) - rankOf(one));
  return { text: texts.join('\n\n'), dropped: left.map(({ column }) => column.label.replaceAll('\n', ' ')) };
}

function rankOf({ column }: Placed): number {
  return column.dropRank ?? 0;
}

function widthOf(part: readonly Placed[]): number {
  return totalWidth(part.map(({ width }) => width));
}

/** What is left where the columns of the highest ranks go, one by one, until the others fit. */
function dropped(all: readonly Placed[], room: number): readonly Placed[] {
  let kept = all;
  while (widthOf(kept) > room) {
    const [last] = kept.filter((one) => rankOf(one) > 0).sort((one, other) => rankOf(other) - rankOf(one));
    if (last === undefined) break;
    kept = kept.filter((one) => one !== last);
  }
  return kept;
}

/** Takes columns from the widest until `spare` is no longer negative. */
function narrow(columns: readonly Placed[], spare: number, least: number): void {
  for (let over = -spare; over > 0; over--) {
    const [widest] = columns.filter(({ width }) => width > least).sort((one, other) => other.width - one.width);
    if (widest === undefined) return;
    widest.width--;
  }
}

/** The columns of each table: all keys in each of them, every other column in one. */
function partsOf(columns: readonly Placed[], room: number): readonly (readonly Placed[])[] {
  if (widthOf(columns) <= room) return [columns];
  const keys = columns.filter(({ column }) => column.isKey === true);
  const others = columns.filter(({ column }) => column.isKey !== true);
  // Keys that leave no room for a value go on below themselves.
  const [widest] = [...others].sort((one, other) => other.width - one.width);
  narrow(keys, room - widthOf([...keys, ...(widest === undefined ? [] : [widest])]), LEAST_KEY);
  const parts: Placed[][] = [];
  for (const other of others) {
    const last = parts.at(-1);
    if (last !== undefined && widthOf([...last, other]) <= room) last.push(other);
    else parts.push([...keys, other]);
  }
  return parts.length === 0 ? [keys] : parts;
}
