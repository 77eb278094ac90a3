/** A table without lines between its cells, as terminal tools print one. */
import { styleText } from 'node:util';
import CliTable from 'cli-table3';

/** A column's heading, which may have several lines, and where its values stand. */
export interface PlainColumn {
  readonly label: string;
  readonly align: 'left' | 'right';
}

/** A value, in a colour that should worry a reader, or please one. */
export interface PlainValue {
  readonly text: string;
  readonly alarm?: 'red' | 'green' | undefined;
}

/** Space between two columns. */
export const GAP = '  ';
const RULE = '─';

/** The table, its heading above a line. */
export function drawPlainTable(
  columns: readonly PlainColumn[],
  rows: readonly (readonly PlainValue[])[],
  color: boolean,
): string {
  const none = Object.fromEntries(
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'].map((name) => [
      name,
      '',
    ]),
  );
  const table = new CliTable({
    chars: { ...none, left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align }) => align),
  });
  // As rows and not as a head: a head cannot be aligned at its bottom.
  table.push(columns.map((column) => ({ content: heading(column, color), vAlign: 'bottom' })));
  for (const row of rows) {
    table.push(row.map(({ text, alarm }) => (color && alarm !== undefined ? paint(alarm, text) : text)));
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const headLines = Math.max(...columns.map(({ label }) => label.split('\n').length));
  const width = Math.max(...lines.map((line) => displayWidth(line)));
  return [...lines.slice(0, headLines), RULE.repeat(width), ...lines.slice(headLines)].join('\n');
}

function heading({ label }: PlainColumn, color: boolean): string {
  if (!color) return label;
  return label
    .split('\n')
    .map((line) => paint('bold', line))
    .join('\n');
}

/** The text in a colour. */
export function paint(format: 'bold' | 'red' | 'yellow' | 'green', text: string): string {
  // The caller has decided about colour; the stream is not ours to ask.
  return styleText(format, text, { validateStream: false });
}

/** The columns that a text takes. */
export function displayWidth(text: string): number {
  // Every character of ours is one column wide; colour takes none.
  return Array.from(text.replace(/\u001B\[\d+m/g, '')).length;
}
