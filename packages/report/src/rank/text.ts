/** A ranking as plain text: for a terminal, and for a mail of 72 columns. */
import { ascii } from '../ascii.ts';
import { MAIL_COLUMNS } from '../compare/mail.ts';
import { printable } from '../printable.ts';
import type { TableOptions } from '../table.ts';
import { breakLines } from '../text/lines.ts';
import type { RankedSetting, Ranking } from './document.ts';
import {
  alwaysTexts,
  barredTexts,
  BOUNDED_NOTE,
  hasBounded,
  PARETO_NOTE,
  settingNames,
  STANDING_HEADS,
  standingRows,
  type StandingRow,
  TURN_NOTE,
  turnTexts,
  unrankedText,
} from './words.ts';

const INDENT = '  ';
/** Columns of numbers, each with the space before it. What does not fit into a line is left out from the right. */
const NUMBER_COLUMNS = [
  ['time', 10],
  ['speedup', 9],
  ['regret', 8],
  ['window', 9],
  ['lockWait', 10],
] as const satisfies readonly (readonly [keyof StandingRow, number])[];
const PLACE_COLUMNS = 4;
/** Of a strategy's name at most; a longer one has a line of its own. */
const NAME_COLUMNS = 30;

/** A ranking for a terminal. */
export function renderRankingTable(ranking: Ranking, { columns }: TableOptions): string {
  return `${linesOf(printable(ranking), columns).join('\n')}\n`;
}

/** A ranking for a mail. */
export function renderRankingMail(ranking: Ranking): string {
  // Before columns are put below one another: a sign may become two.
  return `${linesOf(printable(ranking), MAIL_COLUMNS, ascii).join('\n')}\n`;
}

type Write = (text: string) => string;

function linesOf(ranking: Ranking, columns: number, write: Write = (text) => text): readonly string[] {
  const { common, nameOf } = settingNames(ranking);
  const prose = (text: string, indent = ''): readonly string[] => breakLines(write(text), columns, indent);
  const item = (text: string): readonly string[] => prose(INDENT + text, INDENT + INDENT);
  const { stage, reference, settings } = ranking;
  return [
    ...prose(`Safe strategies by the time of ${stage}, beside ${reference}: ${common}.`),
    ...settings.flatMap((setting) => [
      '',
      ...prose(nameOf(setting.setting)),
      ...tableLines(setting, columns, write),
      ...(setting.unranked.length === 0 ? [] : item(`not ranked: ${unrankedText(setting)}`)),
      ...turnTexts(setting).flatMap(item),
    ]),
    '',
    ...prose('Always taking one:'),
    ...alwaysTexts(ranking).flatMap((text) => item(`${text}.`)),
    ...barredTexts(ranking).flatMap((text) => item(`${text}.`)),
    '',
    ...prose(PARETO_NOTE, INDENT),
    ...(hasBounded(ranking) ? prose(BOUNDED_NOTE, INDENT) : []),
    ...prose(TURN_NOTE),
    ...ranking.command.split('\n').flatMap((line) => prose(line, INDENT)),
  ];
}

function tableLines(setting: RankedSetting, columns: number, write: Write): readonly string[] {
  const rows = standingRows(setting);
  const shown: (typeof NUMBER_COLUMNS)[number][] = [];
  const longest = Math.max(...[STANDING_HEADS, ...rows].map(({ strategy }) => write(strategy).length));
  const names = PLACE_COLUMNS + Math.min(NAME_COLUMNS, longest);
  let width = names;
  for (const column of NUMBER_COLUMNS) {
    width += column[1];
    if (width > columns) break;
    shown.push(column);
  }
  const numbers = (row: StandingRow): string => shown.map(([key, room]) => write(row[key]).padStart(room)).join('');
  const line = (row: StandingRow): readonly string[] => {
    const name = `${row.place.padStart(PLACE_COLUMNS - 1)} ${write(row.strategy)}`;
    return name.length <= names
      ? [name.padEnd(names) + numbers(row)]
      : [...breakLines(name, columns, INDENT + INDENT), ' '.repeat(names) + numbers(row)];
  };
  return rows.length === 0 ? [] : [STANDING_HEADS, ...rows].flatMap((row) => line(row).map((text) => text.trimEnd()));
}
