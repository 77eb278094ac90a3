/** The columns of a table that say which cell a row is about. */
import type { Dimension } from '../cells.ts';
import type { Cell, CellResult, OkResult } from '../schema.ts';
import type { Pivot } from '../pivot.ts';
import { formatRange } from '../format/range.ts';
import { code, strong } from './tree.ts';
import type { SettingTable } from './condense.ts';
import type { Column, Inline } from './tree.ts';

/** One column for each dimension. */
export function settingColumns(dimensions: readonly Dimension[]): readonly Column[] {
  return dimensions.map(({ label, isName }) => ({ label, align: isName ? 'left' : 'right' }));
}

/** The values of a cell in those columns. An unsafe cell is marked at its strategy, or without one in the first column. */
export function settingValues(
  dimensions: readonly Dimension[],
  cell: Cell,
  unsafe = false,
): readonly (readonly Inline[])[] {
  const marked = Math.max(
    0,
    dimensions.findIndex(({ key }) => key === 'strategy'),
  );
  return dimensions.map((dimension, index) => {
    const value = settingValue(dimension, cell);
    return unsafe && index === marked ? [value, ' ', strong('unsafe')] : [value];
  });
}

/** Whether one of the cells is known to be unsafe. */
export function isUnsafe(results: readonly CellResult[]): boolean {
  return results.some(({ verdict }) => verdict?.status === 'unsafe');
}

function settingValue({ isName, show }: Dimension, cell: Cell): Inline {
  return isName ? code(show(cell)) : show(cell);
}

/** A value of a cell, and how it reads. */
export interface Measure {
  readonly label: string;
  readonly valueOf: (result: OkResult) => number | undefined;
  readonly format: (value: number) => string;
}

/** A pivot as a table of one measure. */
export function pivotTable({ rowDimensions, across, columns, rows }: Pivot, measure: Measure): SettingTable {
  const valueColumns =
    across === undefined
      ? [measure.label]
      : columns.map((cell) => (across.isName ? across.show(cell) : across.describe(cell)));
  return {
    settings: rowDimensions.length,
    columns: [...settingColumns(rowDimensions), ...valueColumns.map((label): Column => ({ label, align: 'right' }))],
    rows: rows.map(({ cell, results, slots }) => [
      ...settingValues(rowDimensions, cell, isUnsafe(results)),
      ...slots.map((slot) => [
        formatRange(
          slot.flatMap((result) => measure.valueOf(result) ?? []),
          measure.format,
        ),
      ]),
    ]),
  };
}

/** A table of one row per cell, with several measures. */
export function cellTable(
  results: readonly OkResult[],
  dimensions: readonly Dimension[],
  measures: readonly Measure[],
): SettingTable {
  return {
    settings: dimensions.length,
    ofMeasures: true,
    columns: [...settingColumns(dimensions), ...measures.map(({ label }): Column => ({ label, align: 'right' }))],
    rows: results.map((result) => [
      ...settingValues(dimensions, result.cell, isUnsafe([result])),
      ...measures.map(({ valueOf, format }) => {
        const value = valueOf(result);
        return [value === undefined ? '–' : format(value)];
      }),
    ]),
  };
}
