/** A ranking as GitHub's Markdown. */
import type { RootContent } from 'mdast';
import { heading, list, paragraph, root, table } from '../markdown/tree.ts';
import { writeMarkdown } from '../markdown/write.ts';
import { printable } from '../printable.ts';
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

const KEYS = ['place', 'strategy', 'time', 'speedup', 'regret', 'window', 'lockWait'] as const;

/** The ranking with a heading for each setting. */
export function renderRankingMarkdown(unread: Ranking): string {
  const ranking = printable(unread);
  const { common, nameOf } = settingNames(ranking);
  const lost = [...alwaysTexts(ranking), ...barredTexts(ranking)];
  return writeMarkdown(
    root([
      paragraph(`Safe strategies by the time of ${ranking.stage}, beside ${ranking.reference}: ${common}.`),
      ...ranking.settings.flatMap((setting) => settingNodes(setting, nameOf(setting.setting))),
      heading(3, 'Always taking one'),
      list(
        false,
        lost.map((text) => [`${text}.`]),
      ),
      paragraph(PARETO_NOTE),
      ...(hasBounded(ranking) ? [paragraph(BOUNDED_NOTE)] : []),
      paragraph(TURN_NOTE),
    ]),
  );
}

function settingNodes(setting: RankedSetting, name: string): readonly RootContent[] {
  const rows = standingRows(setting);
  const turns = turnTexts(setting);
  return [
    ...(name === '' ? [] : [heading(3, name)]),
    ...(rows.length === 0 ? [] : [table({ columns: KEYS.map(columnOf), rows: rows.map(cellsOf) })]),
    ...(setting.unranked.length === 0 ? [] : [paragraph(`Not ranked: ${unrankedText(setting)}.`)]),
    ...(turns.length === 0
      ? []
      : [
          list(
            false,
            turns.map((text) => [text]),
          ),
        ]),
  ];
}

function columnOf(key: (typeof KEYS)[number]): { readonly label: string; readonly align: 'left' | 'right' } {
  return { label: STANDING_HEADS[key], align: key === 'strategy' ? 'left' : 'right' };
}

function cellsOf(row: StandingRow): readonly (readonly string[])[] {
  return KEYS.map((key) => [row[key]]);
}
