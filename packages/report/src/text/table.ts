/** The one writer of tables without lines between their cells, as terminal tools print them. */
import { styleText } from 'node:util';
import { breakLines, displayWidth } from './lines.ts';

/** A column's heading, which may have several lines, and where its values stand. */
export interface PlainColumn {
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** Colours of ours: what worries a reader, what is open, what pleases, what is named. */
export type PlainColor = 'red' | 'yellow' | 'green' | 'bold';

/** A value, in a colour that should worry a reader, or please one. */
export interface PlainValue {
  readonly text: string;
  readonly alarm?: PlainColor | undefined;
}

/** The values of a row, or a heading above the rows that follow. */
export type PlainRow = readonly PlainValue[] | string;

/** Space between two columns. */
export const GAP = '  ';
const RULE = '─';

/** The table as wide as it is, its heading above a line. */
export function drawPlainTable(columns: readonly PlainColumn[], rows: readonly PlainRow[], color: boolean): string {
  const table = openTable(columns, widthsOf(columns, rows), { color });
  return [...table.head, ...rows.flatMap((row) => table.row(row))].join('\n');
}

/** Widths of columns with every value in one line. */
export function widthsOf(columns: readonly PlainColumn[], rows: readonly PlainRow[]): number[] {
  return columns.map(({ label }, at) => {
    const texts = rows.map((row) => (typeof row === 'string' ? '' : (row[at]?.text ?? '')));
    return Math.max(0, ...label.split('\n').map(displayWidth), ...texts.map(displayWidth));
  });
}

/** The columns that a table of such columns takes. */
export function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + Math.max(0, widths.length - 1) * GAP.length;
}

/** A table whose rows are not all known yet: its head, and each row as lines. */
export interface OpenTable {
  readonly head: readonly string[];
  row(values: PlainRow): readonly string[];
}

/**
 * Begins a table in columns of given widths; what is wider goes on below itself.
 *
 * @param options - whether in colour; and what a heading between rows may take, where that is more than the table
 */
export function openTable(
  columns: readonly PlainColumn[],
  widths: readonly number[],
  { color, headingColumns = 0 }: { readonly color: boolean; readonly headingColumns?: number },
): OpenTable {
  const total = totalWidth(widths);
  const cell = (line: string, at: number, format: PlainColor | undefined): string => {
    const space = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(line)));
    const text = color && format !== undefined && line !== '' ? paint(format, line) : line;
    return columns[at]?.align === 'right' ? space + text : text + space;
  };
  const broken = (text: string, at: number): readonly string[] =>
    text.split('\n').flatMap((line) => (line === '' ? [''] : breakLines(line, widths[at] ?? 0)));
  const beside = (cells: readonly (readonly string[])[], formats: readonly (PlainColor | undefined)[]): string[] =>
    Array.from({ length: Math.max(1, ...cells.map(({ length }) => length)) }, (_, line) =>
      cells
        .map((lines, at) => cell(lines[line] ?? '', at, formats[at]))
        .join(GAP)
        .trimEnd(),
    );
  const labels = columns.map(({ label }, at) => broken(label, at));
  const height = Math.max(1, ...labels.map(({ length }) => length));
  // Labels stand at the bottom, above their values.
  const lowered = labels.map((lines) => [...Array.from({ length: height - lines.length }, () => ''), ...lines]);
  const bold = columns.map((): PlainColor => 'bold');
  return {
    head: [...beside(lowered, bold), RULE.repeat(total)],
    row: (values) =>
      typeof values === 'string'
        ? breakLines(values, Math.max(total, headingColumns), GAP + GAP)
        : beside(
            values.map(({ text }, at) => broken(text, at)),
            values.map(({ alarm }) => alarm),
          ),
  };
}

/** The text in a colour. */
export function paint(format: PlainColor, text: string): string {
  // The caller has decided about colour; the stream is not ours to ask.
  return styleText(format, text, { validateStream: false });
}
