/** A comparison as plain text for a mailing list: 72 columns, ASCII, nothing that a mail client would rearrange. */
import { ascii } from '../ascii.ts';
import { isEqual } from './compare.ts';
import type { Origin, ResultComparison } from './compare.ts';
import { findingLine, headlineOf, slightLine, verdictLine } from './headline.ts';
import { breakLines } from '../text/lines.ts';
import { printable } from '../printable.ts';
import { EXACT, cellName, cellRows, commonName, countLine, equalLine, hitsIn, namingDimensions } from './rows.ts';
import type { CellRows, Row } from './rows.ts';

/** Columns of a mail on a kernel list. */
export const MAIL_COLUMNS = 72;

/** What stands on the right of a line, and its columns, each with the space before it. */
const NUMBER_COLUMNS = [10, 10, 18, 7] as const;
const NUMBERS_WIDTH = NUMBER_COLUMNS.reduce((sum, columns) => sum + columns, 0);
const NUMBER_HEADS = ['base', 'new', 'change', ''] as const;
const INDENT = '  ';

/**
 * A comparison for a mail: what got better and worse, what was compared, the verdict, the values, and how to get them again.
 */
export function renderComparisonMail(unread: ResultComparison): string {
  const comparison = printable(unread);
  if (isEqual(comparison)) return lines([equalLine(comparison)]);
  const dimensions = namingDimensions(comparison);
  const cells = cellRows(comparison);
  const { differences, changed, onlyBase, onlyHead } = comparison;
  const [verdict, slight] = [verdictLine(comparison), slightLine(comparison)];
  return lines([
    ...headlineOf(comparison).map((finding) => `${findingLine(finding)}.`),
    '',
    `${comparison.baseTitle} → ${comparison.headTitle}: ${countLine(comparison)}.`,
    ...(verdict === '' ? [] : [`Its ${verdict}.`]),
    ...hitsIn(comparison).map(({ threshold, where }) => `Failed: ${threshold} ${where}.`),
    ...differences.map(({ text, isWarning }) => (isWarning ? `Warning: ${text}.` : `${text}.`)),
    ...(changed.length === 0 ? [] : ['', `${commonName(comparison)}.`, EXACT]),
    ...(cells.length === 0 ? [] : ['', headLine()]),
    ...cells.flatMap((cell, at) => [
      ...(at === 0 ? [] : ['']),
      ...renderCellBlock(
        { ...cell, rows: cell.rows.map(asciiRow) },
        ascii(cellName(cell.cell, dimensions)),
        MAIL_COLUMNS,
      ),
    ]),
    ...(slight === '' ? [] : ['', `${slight}.`]),
    ...(onlyBase.length + onlyHead.length === 0 ? [] : ['']),
    ...onlyBase.map((cell) => `only in the base: ${cellName(cell, dimensions)}`),
    ...onlyHead.map((cell) => `only in the other: ${cellName(cell, dimensions)}`),
    '',
    ...originLines(comparison),
  ]).replace(/^\n/, '');
}

/** Versions, and the command that gives each again. */
function originLines({ baseTitle, headTitle, baseOrigin, headOrigin }: ResultComparison): readonly string[] {
  const isSame = JSON.stringify(baseOrigin) === JSON.stringify(headOrigin);
  const about = (title: string, { toolVersion, strategies, command }: Origin): readonly string[] => [
    `${title}: s2bench ${toolVersion}; ${listed(strategies)}`,
    `  ${command}`,
  ];
  return isSame ? about('both', headOrigin) : [...about(baseTitle, baseOrigin), ...about(headTitle, headOrigin)];
}

function listed(strategies: readonly string[]): string {
  return strategies.length === 0 ? 'no strategy' : strategies.join(', ');
}

/** Columns after which numbers would stand too far from what they are. */
const MAX_COLUMNS = 84;

/** The heads of the columns, above a line. */
function headLine(): string {
  return ''.padEnd(MAIL_COLUMNS - NUMBERS_WIDTH) + numbersLine(NUMBER_HEADS);
}

/** A cell's changes, one a line, below its name. */
export function renderCellBlock({ rows, more }: CellRows, name: string, columns: number): readonly string[] {
  return [
    ...breakLines(name, columns, INDENT),
    ...rows.flatMap((row) => rowLines(row, columns)),
    ...(more === 0 ? [] : [`${INDENT}and ${String(more)} more value${more === 1 ? '' : 's'}`]),
  ];
}

function rowLines({ name, from, to, change, tone, hits }: Row, columns: number): readonly string[] {
  const failed = hits === '' ? [] : breakLines(`${INDENT}${INDENT}fails ${hits}`, columns, INDENT + INDENT);
  const end = tone === undefined ? '' : `, ${tone}`;
  if (change === '')
    return [...breakLines(`${INDENT}${name}: ${from} → ${to}${end}`, columns, INDENT + INDENT), ...failed];
  const numbers = numbersLine([from, to, change.replace(' %', '%'), tone ?? '']);
  const nameColumns = Math.min(columns, MAX_COLUMNS) - NUMBERS_WIDTH;
  const line = INDENT + name;
  return line.length <= nameColumns
    ? [(line.padEnd(nameColumns) + numbers).trimEnd(), ...failed]
    : [...breakLines(line, columns), (' '.repeat(Math.max(0, nameColumns)) + numbers).trimEnd(), ...failed];
}

function numbersLine(texts: readonly string[]): string {
  return NUMBER_COLUMNS.map((columns, at) => short(texts[at] ?? '', columns - 1).padStart(columns)).join('');
}

/** A number that is too wide, with fewer digits. */
function short(text: string, columns: number): string {
  if (text.length <= columns) return text;
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
  const { name, from, to, change, tone, hits } = row;
  return { name: ascii(name), from: ascii(from), to: ascii(to), change: ascii(change), tone, hits: ascii(hits) };
}

function lines(texts: readonly string[]): string {
  const broken = texts.flatMap((text) => {
    const plain = ascii(text).trimEnd();
    return plain.length <= MAIL_COLUMNS ? [plain] : breakLines(plain, MAIL_COLUMNS, INDENT);
  });
  return `${broken.join('\n')}\n`;
}
