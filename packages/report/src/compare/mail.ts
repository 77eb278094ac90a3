/** A comparison as plain text for a mailing list: 72 columns, ASCII, nothing that a mail client would rearrange. */
import { isEqual } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { breakLines } from './plain-lines.ts';
import { printable } from '../printable.ts';
import { EXACT, cellName, cellRows, commonName, countLine, equalLine, hitsIn, namingDimensions } from './rows.ts';
import type { CellRows, Row } from './rows.ts';

/** Columns of a mail on a kernel list. */
export const MAIL_COLUMNS = 72;

/** Columns of the four numbers of a line, each with the space before it. */
const NUMBER_COLUMNS = [12, 12, 8, 9] as const;
const INDENT = '  ';

/** Signs of ours that ASCII has something for. */
const ASCII: Readonly<Record<string, string>> = {
  '→': '->',
  '−': '-',
  '–': '-',
  '…': '...',
  '∞': 'inf',
  µ: 'u',
  '\u202F': '',
  '\u00A0': ' ',
};

/** A comparison for a mail. */
export function renderComparisonMail(unread: ResultComparison): string {
  const comparison = printable(unread);
  if (isEqual(comparison)) return lines([equalLine(comparison)]);
  const dimensions = namingDimensions(comparison);
  const { differences, changed, onlyBase, onlyHead } = comparison;
  return lines([
    `${comparison.base} → ${comparison.head}`,
    `${countLine(comparison)}.`,
    ...hitsIn(comparison).map(({ threshold, where }) => `Failed: ${threshold} ${where}.`),
    ...differences.map(({ text, isWarning }) => (isWarning ? `Warning: ${text}.` : `${text}.`)),
    ...(changed.length === 0 ? [] : ['', `${commonName(comparison)}.`, EXACT]),
    ...cellRows(comparison).flatMap((cell) => [
      '',
      ...renderCellBlock(
        { ...cell, rows: cell.rows.map(asciiRow) },
        ascii(cellName(cell.cell, dimensions)),
        MAIL_COLUMNS,
      ),
    ]),
    ...(onlyBase.length + onlyHead.length === 0 ? [] : ['']),
    ...onlyBase.map((cell) => `only in the base: ${cellName(cell, dimensions)}`),
    ...onlyHead.map((cell) => `only in the other: ${cellName(cell, dimensions)}`),
  ]);
}

/** A cell's changes, one a line, below its name. */
export function renderCellBlock({ rows, more }: CellRows, name: string, columns: number): readonly string[] {
  return [
    ...breakLines(name, columns, INDENT),
    ...rows.flatMap((row) => rowLines(row, columns)),
    ...(more === 0 ? [] : [`${INDENT}and ${String(more)} more value${more === 1 ? '' : 's'}`]),
  ];
}

function rowLines({ name, from, to, ratio, change, hits }: Row, columns: number): readonly string[] {
  const failed = hits === '' ? [] : breakLines(`${INDENT}${INDENT}fails ${hits}`, columns, INDENT + INDENT);
  if (ratio === '') return [...breakLines(`${INDENT}${name}: ${from} → ${to}`, columns, INDENT + INDENT), ...failed];
  const numbers = [from, to, ratio, change.replace(' %', '%')]
    .map((text, index) => short(text, (NUMBER_COLUMNS[index] ?? 0) - 1).padStart(NUMBER_COLUMNS[index] ?? 0))
    .join('');
  const nameColumns = Math.min(columns, MAIL_COLUMNS) - numbers.length;
  const line = INDENT + name;
  return line.length <= nameColumns
    ? [line.padEnd(nameColumns) + numbers, ...failed]
    : [...breakLines(line, columns), ' '.repeat(Math.max(0, nameColumns)) + numbers, ...failed];
}

/** A number that is too wide, with fewer digits. */
function short(text: string, columns: number): string {
  const plain = text.replaceAll('\u202F', '');
  if (plain.length <= columns) return plain;
  const [, sign = '', digits = '', unit = ''] = /^([+\u2212-]?)([\d.]+(?:e[+-]?\d+)?)(.*)$/.exec(plain) ?? [];
  const value = Number(digits);
  for (let decimals = 3; decimals >= 0; decimals--) {
    const shorter = sign + value.toExponential(decimals) + unit;
    if (shorter.length <= columns) return shorter;
  }
  return '...';
}

/** Before its numbers are put below one another: a sign may become two. */
function asciiRow(row: Row): Row {
  const { name, from, to, ratio, change, hits } = row;
  return { name, from: ascii(from), to: ascii(to), ratio: ascii(ratio), change: ascii(change), hits: ascii(hits) };
}

function lines(texts: readonly string[]): string {
  const broken = texts.flatMap((text) => {
    const plain = ascii(text).trimEnd();
    return plain.length <= MAIL_COLUMNS ? [plain] : breakLines(plain, MAIL_COLUMNS, INDENT);
  });
  return `${broken.join('\n')}\n`;
}

function ascii(text: string): string {
  return Array.from(text.replace(/[\t\r\n]+/g, ' '), (sign) => ASCII[sign] ?? (/[ -~]/.test(sign) ? sign : '?')).join(
    '',
  );
}
