/** Which strategy to take, where a matrix has many settings. */
import type { RootContent } from 'mdast';
import { rankingOf, speedupIn, times } from '../../findings/best.ts';
import type { RankedSetting, Ranking } from '../../rank/document.ts';
import { alwaysTexts, barredTexts, settingNames } from '../../rank/words.ts';
import type { ResultDocument } from '../../schema.ts';
import { code, heading, type Inline, list, paragraph, table } from '../tree.ts';

/**
 * What is lost by always taking one strategy, where each gains most and where it gains least or loses, and how to ask for more; the
 * summary has the answer in a sentence.
 */
export function bestSection(document: ResultDocument): readonly RootContent[] {
  const ranking = rankingOf(document);
  if (ranking === undefined) return [];
  const lines = [...alwaysTexts(ranking), ...barredTexts(ranking)];
  return [
    heading(2, 'Which is the fastest that is safe'),
    list(
      false,
      lines.map((line) => [`${line}.`]),
    ),
    paragraph(
      'How many times as fast as ',
      code(ranking.reference),
      ' each is, where it gains most and where it gains least: below 1 it is slower.',
    ),
    extremesTable(ranking),
    ...(document.preset === undefined
      ? []
      : [
          paragraph(
            'Setting by setting, with what would turn each order: ',
            code(`s2bench rank reports/${document.preset}`),
            '.',
          ),
        ]),
  ];
}

function extremesTable(ranking: Ranking): RootContent {
  const { nameOf } = settingNames(ranking);
  const rows = ranking.always
    .filter(({ strategy }) => strategy !== ranking.reference)
    .flatMap(({ strategy }): Inline[][][] => {
      const gains = ranking.settings.flatMap((setting): [number, RankedSetting][] => {
        const speedup = speedupIn(setting, strategy);
        return speedup === undefined ? [] : [[speedup, setting]];
      });
      const sorted = gains.toSorted(([a], [b]) => a - b);
      const [least, most] = [sorted[0], sorted.at(-1)];
      if (least === undefined || most === undefined) return [];
      const cells = ([speedup, { setting }]: [number, RankedSetting]): Inline[][] => [
        [times(speedup)],
        [nameOf(setting)],
      ];
      return [[[code(strategy)], ...cells(most), ...cells(least)]];
    });
  const columns = [
    { label: 'strategy', align: 'left' as const },
    { label: 'most', align: 'right' as const },
    { label: 'where', align: 'left' as const },
    { label: 'least', align: 'right' as const },
    { label: 'where', align: 'left' as const },
  ];
  return table({ columns, rows });
}
