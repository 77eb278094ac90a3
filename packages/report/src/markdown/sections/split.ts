/** How a gain splits into its parts. */
import type { RootContent } from 'mdast';
import { DIMENSIONS, varyingDimensions } from '../../cells.ts';
import type { Dimension } from '../../cells.ts';
import { findSplits, givesNothing } from '../../findings/split.ts';
import type { Split, SplitRow } from '../../findings/split.ts';
import { formatPercent, formatPercentRange, formatSignedPercent } from '../../format/percent.ts';
import { formatTime } from '../../format/time.ts';
import type { Cell, Comparison, ResultDocument } from '../../schema.ts';
import { settingColumns, settingValues } from '../setting-columns.ts';
import { condensedWhenLong } from '../condense.ts';
import type { SettingTable } from '../condense.ts';
import { code, heading, list, paragraph } from '../tree.ts';
import type { Column, Inline } from '../tree.ts';
import { capitalised, enumerate } from '../words.ts';

/** How each gain splits into its parts. Left out without comparisons of role `part`. */
export function splitSection(document: ResultDocument): readonly RootContent[] {
  return findSplits(document).flatMap(splitOf);
}

function splitOf(split: Split): readonly RootContent[] {
  const { stage, strategies, factors, rows } = split;
  const published = rows.flatMap((row) => row.publishedGainPercent ?? []);
  const whole = published.length > 0 ? `the published ${range(published)}` : 'the gain';
  return [
    heading(2, `How ${whole} splits`),
    paragraph(...plainSentence(split, published), ...nothingSentences(split, rows)),
    paragraph('Each part is a pair of strategies that differ in one thing:'),
    list(
      false,
      factors.map((factor, index) => [
        `${capitalised(factor)}: from `,
        code(strategies[index] ?? ''),
        ' to ',
        code(strategies[index + 1] ?? ''),
        '.',
      ]),
    ),
    paragraph(
      `All but the published column is simulated, of ${stage}. A part is the time saved by it in percent of the time of `,
      code(strategies[0] ?? ''),
      '; negative where it costs time.',
    ),
    ...condensedWhenLong(`The split in ${String(rows.length)} settings`, splitTable(split)),
  ];
}

/** The finding in one sentence, of all the rows. */
function plainSentence(split: Split, published: readonly number[]): readonly Inline[] {
  const { stage, strategies, factors, rows } = split;
  const parts = factors.map((factor, index): readonly Inline[] => {
    const saved = rows.map((row) => row.parts[index]?.savedPercent ?? 0);
    const shares = rows.flatMap((row) => row.parts[index]?.sharePercent ?? []);
    const the = index === 0 ? 'The' : 'the';
    if (givesNothing(rows, index)) return [`${the} ${factor} alone ${nothingOf(split, index)}`];
    if (Math.max(...saved) < 0) {
      return [`${the} ${factor} alone costs ${range(saved.map(Math.abs))} of the time of ${stage}`];
    }
    const share = shares.length === 0 ? '' : ` (${range(shares)} of the gain)`;
    return [`${the} ${factor} alone saves ${range(saved)} of the time of ${stage}${share}`];
  });
  const total = range(rows.map(({ gainPercent }) => gainPercent));
  const ends: readonly Inline[] = ['from ', code(strategies[0] ?? ''), ' to ', code(strategies.at(-1) ?? '')];
  return [
    ...enumerate(parts),
    `; together ${total} `,
    ...ends,
    published.length === 0 ? '.' : `, where ${range(published)} was published.`,
  ];
}

/** `leaves the time of ADJUST as it is (but for 120 ns)`. */
function nothingOf({ stage, rows }: Split, part: number): string {
  const most = Math.max(...rows.map((row) => Math.abs(row.parts[part]?.savedNs ?? 0)));
  return `leaves the time of ${stage} as it is${most === 0 ? '' : ` (but for ${formatTime(most)})`}`;
}

/** Why parts give nothing, where the document knows: what a workload does is not what a strategy is. */
function nothingSentences({ chain }: Split, rows: readonly SplitRow[]): readonly Inline[] {
  return chain.flatMap((comparison, index) => (givesNothing(rows, index) ? becauseSentence(comparison, rows) : []));
}

/** Why a factor gives nothing in these rows; nothing where the document does not say, or they are of another workload. */
export function becauseSentence(
  { factor, whereNothing }: Comparison,
  rows: readonly { readonly cell: Cell }[],
): readonly Inline[] {
  if (whereNothing === undefined || rows.some(({ cell }) => cell.workload !== whereNothing.workload)) return [];
  return [
    ` That is so in this workload and on this machine, and no property of the ${factor}: in `,
    code(whereNothing.workload),
    ` ${whereNothing.because}.`,
  ];
}

function range(percents: readonly number[]): string {
  return formatPercentRange(Math.min(...percents), Math.max(...percents));
}

function splitTable({ factors, rows }: Split): SettingTable {
  const cells = rows.map(({ cell }) => cell);
  // One row alone still says what it is of.
  const varying = varyingDimensions(cells);
  const dimensions = varying.length > 0 ? varying : DIMENSIONS.filter(({ key }) => key === 'vcpus');
  const hasPublished = rows.some((row) => row.publishedGainPercent !== undefined);
  const right = (label: string): Column => ({ label, align: 'right' });
  const columns = [
    ...settingColumns(dimensions),
    ...factors.map((factor) => right(factor)),
    right('gain, simulated'),
    ...(hasPublished ? [right('gain, published')] : []),
  ];
  return {
    settings: dimensions.length,
    columns,
    rows: rows.map((row) => rowOf(row, dimensions, hasPublished)),
  };
}

function rowOf(row: SplitRow, dimensions: readonly Dimension[], hasPublished: boolean): readonly (readonly Inline[])[] {
  const published = row.publishedGainPercent;
  return [
    ...settingValues(dimensions, row.cell),
    ...row.parts.map((part) => [formatSignedPercent(part.savedPercent)]),
    [formatPercent(row.gainPercent)],
    ...(hasPublished ? [[published === undefined ? '–' : formatPercent(published)]] : []),
  ];
}
