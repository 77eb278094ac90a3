/** A comparison as a table for a terminal. */
import { printable } from '../printable.ts';
import { displayWidth, drawPlainTable, paint } from '../plain-table.ts';
import type { PlainColumn, PlainValue } from '../plain-table.ts';
import { isEqual } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { EXACT, cellName, cellRows, commonName, countLine, equalLine, hitsIn, namingDimensions } from './rows.ts';
import type { CellRows } from './rows.ts';
import { breakLines } from './plain-lines.ts';
import { renderCellBlock } from './mail.ts';
import type { TableOptions } from '../table.ts';

/**
 * A comparison for a terminal: one line where both documents are equal. Where the table would be wider than the terminal,
 * each cell is a block of lines.
 */
export function renderComparisonTable(unread: ResultComparison, options: TableOptions): string {
  const comparison = printable(unread);
  if (isEqual(comparison)) return `${equalLine(comparison)}\n`;
  const { columns, color } = options;
  const colored = (format: 'bold' | 'red' | 'yellow', text: string): string => (color ? paint(format, text) : text);
  const wrap = (text: string): readonly string[] => breakLines(text, columns, '  ');
  return [
    ...wrap(`${comparison.base} → ${comparison.head}: ${countLine(comparison)}`).map((line) => colored('bold', line)),
    ...hitsIn(comparison).flatMap(({ threshold, where }) =>
      wrap(`failed: ${threshold} ${where}`).map((part) => colored('red', part)),
    ),
    ...comparison.differences.flatMap(({ text, isWarning }) =>
      wrap(isWarning ? `warning: ${text}` : text).map((part) => (isWarning ? colored('yellow', part) : part)),
    ),
    ...(comparison.changed.length === 0
      ? []
      : ['', ...wrap(commonName(comparison)), ...body(comparison, options), '', ...wrap(EXACT)]),
    ...onlyLines(comparison).flatMap(wrap),
    '',
  ].join('\n');
}

function body(comparison: ResultComparison, { columns, color }: TableOptions): readonly string[] {
  const cells = cellRows(comparison);
  const table = drawPlainTable(...tableOf(comparison, cells), color);
  const isWide = table.split('\n').some((line) => displayWidth(line) > columns);
  if (!isWide) return [table, ...moreLine(cells)];
  const dimensions = namingDimensions(comparison);
  return [
    ...cells.flatMap((cell) => ['', ...renderCellBlock(cell, cellName(cell.cell, dimensions), columns)]),
    ...moreLine(cells),
  ];
}

function tableOf(
  comparison: ResultComparison,
  cells: readonly CellRows[],
): [readonly PlainColumn[], readonly (readonly PlainValue[])[]] {
  const dimensions = namingDimensions(comparison);
  const hasHits = cells.some(({ isHit }) => isHit);
  const columns: readonly PlainColumn[] = [
    ...dimensions.map(({ label, isName }): PlainColumn => ({ label, align: isName ? 'left' : 'right' })),
    { label: 'what', align: 'left' },
    { label: 'base', align: 'right' },
    { label: 'new', align: 'right' },
    { label: 'ratio', align: 'right' },
    { label: 'change', align: 'right' },
    ...(hasHits ? [{ label: 'fails', align: 'left' } as const] : []),
  ];
  const rows = cells.flatMap(({ cell, rows: lines }) =>
    lines.map((line, index) => [
      ...dimensions.map(({ show }): PlainValue => ({ text: index === 0 ? show(cell) : '' })),
      ...[line.name, line.from, line.to, line.ratio, line.change, ...(hasHits ? [line.hits] : [])].map((text) => ({
        text,
        alarm: line.hits === '' ? undefined : ('red' as const),
      })),
    ]),
  );
  return [columns, rows];
}

function moreLine(cells: readonly CellRows[]): readonly string[] {
  const more = cells.reduce((sum, cell) => sum + cell.more, 0);
  return more === 0 ? [] : [`${String(more)} more values have changed in these cells; --json has them all`];
}

function onlyLines(comparison: ResultComparison): readonly string[] {
  const { onlyBase, onlyHead } = comparison;
  const dimensions = namingDimensions(comparison);
  return [
    ...onlyBase.map((cell) => `only in the base: ${cellName(cell, dimensions)}`),
    ...onlyHead.map((cell) => `only in the other: ${cellName(cell, dimensions)}`),
  ];
}
