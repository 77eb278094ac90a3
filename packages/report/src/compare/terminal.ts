/** A comparison as a table for a terminal. */
import { printable } from '../printable.ts';
import { breakLines, displayWidth } from '../text/lines.ts';
import { drawPlainTable, paint } from '../text/table.ts';
import type { PlainColumn, PlainValue } from '../text/table.ts';
import { isEqual } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { findingLine, headlineOf, slightLine, verdictLine } from './headline.ts';
import { EXACT, cellName, cellRows, commonName, countLine, equalLine, hitsIn, namingDimensions } from './rows.ts';
import type { CellRows, Row } from './rows.ts';
import { renderCellBlock } from './mail.ts';
import type { TableOptions } from '../table.ts';
import type { Tone } from './words.ts';

/**
 * A comparison for a terminal: one line where both documents are equal, else what got better and worse first. Where the
 * table would be wider than the terminal, each cell is a block of lines.
 */
export function renderComparisonTable(unread: ResultComparison, options: TableOptions): string {
  const comparison = printable(unread);
  if (isEqual(comparison)) return `${equalLine(comparison)}\n`;
  const cells = cellRows(comparison);
  return [
    ...summaryLines(comparison, options),
    ...(cells.length === 0
      ? []
      : ['', ...breakLines(commonName(comparison), options.columns, '  '), ...body(comparison, cells, options)]),
    ...[slightLine(comparison), comparison.changed.length === 0 ? '' : EXACT]
      .filter((text) => text !== '')
      .flatMap((text) => breakLines(text, options.columns, '  ')),
    ...onlyLines(comparison).flatMap((text) => breakLines(text, options.columns, '  ')),
    '',
  ].join('\n');
}

/** What is said of a comparison before its table: findings, who was compared, the verdict, what fails, what else differs. */
export function summaryLines(comparison: ResultComparison, { columns, color }: TableOptions): readonly string[] {
  const lines = (text: string, format?: 'bold' | 'red' | 'yellow' | 'green'): readonly string[] =>
    breakLines(text, columns, '  ').map((line) => (color && format !== undefined ? paint(format, line) : line));
  const verdict = verdictLine(comparison);
  return [
    ...headlineOf(comparison).flatMap((finding) => lines(findingLine(finding), colorOf(finding.tone))),
    ...lines(`${comparison.baseTitle} → ${comparison.headTitle}: ${countLine(comparison)}`, 'bold'),
    ...(verdict === '' ? [] : lines(verdict)),
    ...hitsIn(comparison).flatMap(({ threshold, where }) => lines(`failed: ${threshold} ${where}`, 'red')),
    ...comparison.differences.flatMap(({ text, isWarning }) =>
      isWarning ? lines(`warning: ${text}`, 'yellow') : lines(text),
    ),
  ];
}

/** Never without its word: a colour alone says nothing to many. */
export function colorOf(tone: Tone | undefined): 'red' | 'green' | undefined {
  return tone === undefined ? undefined : tone === 'worse' ? 'red' : 'green';
}

function body(
  comparison: ResultComparison,
  cells: readonly CellRows[],
  { columns, color }: TableOptions,
): readonly string[] {
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
    { label: 'change', align: 'right' },
    { label: '', align: 'left' },
    ...(hasHits ? [{ label: 'fails', align: 'left' } as const] : []),
  ];
  const rows = cells.flatMap(({ cell, rows: lines }) =>
    lines.map((line, index) => [
      ...dimensions.map(({ show }): PlainValue => ({ text: index === 0 ? show(cell) : '' })),
      ...rowValues(line, hasHits),
    ]),
  );
  return [columns, rows];
}

function rowValues({ name, from, to, change, tone, hits }: Row, hasHits: boolean): readonly PlainValue[] {
  const alarm = hits === '' ? colorOf(tone) : 'red';
  return [
    { text: name },
    { text: from },
    ...[to, change, tone ?? '', ...(hasHits ? [hits] : [])].map((text) => ({ text, alarm })),
  ];
}

function moreLine(cells: readonly CellRows[]): readonly string[] {
  const more = cells.reduce((sum, cell) => sum + cell.more, 0);
  return more === 0 ? [] : [`${String(more)} more values have changed in these cells; --json has them all`];
}

/** Cells that one side lacks, one a line. */
export function onlyLines(comparison: ResultComparison): readonly string[] {
  const { onlyBase, onlyHead } = comparison;
  const dimensions = namingDimensions(comparison);
  return [
    ...onlyBase.map((cell) => `only in the base: ${cellName(cell, dimensions)}`),
    ...onlyHead.map((cell) => `only in the other: ${cellName(cell, dimensions)}`),
  ];
}
