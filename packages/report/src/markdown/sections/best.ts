/** Which strategy to take, where a matrix has many settings. */
import type { RootContent } from 'mdast';
import { rankingOf } from '../../findings/best.ts';
import { alwaysTexts, barredTexts } from '../../rank/words.ts';
import type { ResultDocument } from '../../schema.ts';
import { code, heading, list, paragraph } from '../tree.ts';

/** What is lost by always taking one strategy, and how to ask for more; the summary has the answer in a sentence. */
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
