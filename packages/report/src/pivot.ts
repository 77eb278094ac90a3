/** Tables of one value per cell: settings down, one dimension across. */
import { varyingDimensions } from './cells.ts';
import type { Dimension } from './cells.ts';
import type { Cell, OkResult } from './schema.ts';

/** A table of values. Several cells may fall into one slot where a dimension is left out. */
export interface Pivot {
  readonly rowDimensions: readonly Dimension[];
  /** What stands across, or nothing where the values have a single column. */
  readonly across: Dimension | undefined;
  /** A cell that stands for each column: its value of `across` is the column's. */
  readonly columns: readonly Cell[];
  readonly rows: readonly PivotRow[];
}

/** One row: a cell that stands for it, all its cells, and those of each column. */
export interface PivotRow {
  readonly cell: Cell;
  readonly results: readonly OkResult[];
  readonly slots: readonly (readonly OkResult[])[];
}

/** Columns that a table may have before it is turned into one row per cell. */
const MOST_COLUMNS = 8;

/**
 * Arranges cells in a table.
 *
 * @param across - the dimension that stands across, if it varies and has few values
 * @param leaveOut - dimensions that do not tell rows apart
 * @param mostColumns - values that may stand across
 */
export function pivot(
  results: readonly OkResult[],
  across: keyof Cell,
  leaveOut: readonly (keyof Cell)[] = [],
  mostColumns = MOST_COLUMNS,
): Pivot {
  const cells = results.map(({ cell }) => cell);
  const varying = varyingDimensions(cells).filter(({ key }) => !leaveOut.includes(key));
  const columns = firstOfEach(cells, (cell) => String(cell[across]));
  const acrossDimension = columns.length <= mostColumns ? varying.find(({ key }) => key === across) : undefined;
  const rowDimensions = varying.filter((dimension) => dimension !== acrossDimension);
  const rowKey = (cell: Cell): string => rowDimensions.map(({ key }) => String(cell[key])).join('\u0000');
  // In groups, and not looked for row by row: that would take the square of the cells.
  const groups = Map.groupBy(results, ({ cell }) => rowKey(cell));
  const rows = [...groups.values()].flatMap((ofRow): PivotRow[] => {
    const [first] = ofRow;
    if (first === undefined) return [];
    const slots =
      acrossDimension === undefined
        ? [ofRow]
        : columns.map((column) => ofRow.filter((result) => result.cell[across] === column[across]));
    return [{ cell: first.cell, results: ofRow, slots }];
  });
  return { rowDimensions, across: acrossDimension, columns: acrossDimension === undefined ? [] : columns, rows };
}

function firstOfEach(cells: readonly Cell[], keyOf: (cell: Cell) => string): readonly Cell[] {
  const first = new Map<string, Cell>();
  for (const cell of cells) if (!first.has(keyOf(cell))) first.set(keyOf(cell), cell);
  return [...first.values()];
}
