/** What another strategy would have done in the same settings. */
import type { RootContent } from 'mdast';
import { DIMENSIONS, varyingDimensions } from '../../cells.ts';
import { findAlternatives } from '../../findings/alternative.ts';
import type { Alternative } from '../../findings/alternative.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatPercentRange, formatSignedPercent } from '../../format/percent.ts';
import { formatRange } from '../../format/range.ts';
import { formatTime } from '../../format/time.ts';
import type { ResultDocument } from '../../schema.ts';
import { settingColumns, settingValues } from '../setting-columns.ts';
import { condensedWhenLong } from '../condense.ts';
import { code, heading, paragraph } from '../tree.ts';
import type { Column, Inline } from '../tree.ts';
import { counted } from '../words.ts';
import { becauseSentence } from './split.ts';

/** One section for each comparison of role `alternative`. */
export function alternativeSection(document: ResultDocument): readonly RootContent[] {
  return findAlternatives(document).flatMap((alternative) => {
    const { comparison, stage, rows } = alternative;
    const cells = rows.map(({ cell }) => cell);
    const varying = varyingDimensions(cells);
    const dimensions = varying.length > 0 ? varying : DIMENSIONS.filter(({ key }) => key === 'vcpus');
    const right = (label: string): Column => ({ label, align: 'right' });
    return [
      heading(2, `What the ${comparison.factor} would have done`),
      paragraph(
        code(comparison.to),
        ' beside ',
        code(comparison.from),
        `, in ${stage} of this workload. `,
        ...cleaningSentence(alternative),
        ' ',
        ...timeSentence(alternative),
      ),
      ...condensedWhenLong(`Both strategies in ${counted(rows.length, 'setting')}`, {
        settings: dimensions.length,
        columns: [
          ...settingColumns(dimensions),
          right('without, simulated'),
          right('with, simulated'),
          right('difference'),
          right('cleaned without'),
          right('cleaned with'),
        ],
        rows: rows.map((row) => [
          ...settingValues(dimensions, row.cell),
          [formatTime(row.from.timeNs)],
          [formatTime(row.to.timeNs)],
          [formatSignedPercent(row.extraPercent)],
          [formatBytes(row.from.cleanedBytes)],
          [formatBytes(row.to.cleanedBytes)],
        ]),
      }),
    ];
  });
}

function cleaningSentence({ comparison, rows }: Alternative): readonly Inline[] {
  const less = rows.filter(({ from, to }) => to.cleanedBytes < from.cleanedBytes);
  const more = rows.filter(({ from, to }) => to.cleanedBytes > from.cleanedBytes);
  const settings = counted(rows.length, 'setting');
  if (less.length === 0 && more.length === 0) {
    return [
      rows.every(({ from }) => from.cleanedBytes === 0)
        ? 'Neither cleans anything.'
        : `It cleans exactly as many bytes in ${rows.length === 1 ? 'the one setting' : `all ${settings}`}: it saves no clean in ${rows.length === 1 ? 'it' : 'any of them'}.`,
      ...(rows.every(({ from }) => from.cleanedBytes === 0) ? [] : becauseSentence(comparison, rows)),
    ];
  }
  const changed = less.length > 0 ? less : more;
  const difference = changed.map(({ from, to }) => Math.abs(from.cleanedBytes - to.cleanedBytes));
  return [
    `In ${String(changed.length)} of ${settings} it cleans ${formatRange(difference, formatBytes)} `,
    less.length > 0 ? 'less' : 'more',
    less.length > 0 && more.length > 0 ? `, in ${String(more.length)} more.` : '.',
  ];
}

function timeSentence({ rows, stage }: Alternative): readonly Inline[] {
  const extra = rows.map(({ extraNs }) => extraNs);
  const percents = rows.map(({ extraPercent }) => extraPercent);
  if (extra.every((ns) => ns === 0)) return [`${stage} takes exactly as long.`];
  if (extra.every((ns) => ns >= 0) || extra.every((ns) => ns <= 0)) {
    const sizes = percents.map(Math.abs);
    const longer = extra.some((ns) => ns > 0);
    const by = formatRange(extra.map(Math.abs), formatTime);
    return [
      `${stage} takes ${by} (${formatPercentRange(Math.min(...sizes), Math.max(...sizes))}) ${longer ? 'longer' : 'less'}.`,
    ];
  }
  return [`${stage} changes by ${formatPercentRange(Math.min(...percents), Math.max(...percents))}, by setting.`];
}
