/** The two sides of a patch series beside each other, published and simulated, and what follows. */
import type { RootContent } from 'mdast';
import { describeIn, DIMENSIONS } from '../../cells.ts';
import { publishedRows } from '../../findings/published.ts';
import { timeAt } from '../../findings/growth.ts';
import { type VariantCurve, variantCurves, type VariantPoint, type VariantSide } from '../../findings/variants.ts';
import { formatFactor } from '../../format/factor.ts';
import { formatSignedPercent } from '../../format/percent.ts';
import { formatTime } from '../../format/time.ts';
import type { Cell, ResultDocument } from '../../schema.ts';
import { errorPercent } from '../../statistics.ts';
import { code, heading, list, paragraph, table } from '../tree.ts';
import type { Column, Inline, TableContent } from '../tree.ts';
import { capitalised } from '../words.ts';
import { conclusionOf } from './variant-conclusion.ts';
import { timeSharesOf } from './variant-shares.ts';

/** All of it. Left out where no cell has a variant. */
export function variantsSection(document: ResultDocument): readonly RootContent[] {
  const { variants = [], remarks = [] } = document;
  const curves = variantCurves(document);
  if (curves.length === 0) return [];
  const sources = [...new Set(publishedRows(document).map(({ source }) => source))];
  return [
    heading(2, 'Before and after'),
    ...(variants.length === 0
      ? []
      : [
          list(
            false,
            variants.map(({ name, standsFor }) => [
              `${capitalised(name)}, `,
              ...kernelsOf(document, name),
              `: ${standsFor}.`,
            ]),
          ),
        ]),
    paragraph(
      'Published and simulated times stand beside each other; the error is that of the simulated one, in percent of the ',
      'published median. A dash: nobody published a figure.',
    ),
    ...curves.flatMap((curve) => [
      heading(3, ...titleOf(curve, curves)),
      table(tableOf(curve)),
      paragraph(...conclusionOf(curve).flatMap((sentence, index) => (index === 0 ? sentence : [' ', ...sentence]))),
      ...timeSharesOf(document, curve),
    ]),
    ...(remarks.length === 0
      ? []
      : [
          heading(3, 'What is not the same, and what cannot be had'),
          list(
            false,
            remarks.map((remark) => [remark]),
          ),
        ]),
    ...(sources.length === 0 ? [] : [paragraph(`Published in: ${sources.join('; ')}.`)]),
  ];
}

function kernelsOf({ cells }: ResultDocument, variant: Cell['variant']): readonly Inline[] {
  const kernels = new Set(cells.flatMap(({ cell }) => (cell.variant === variant ? [cell.kernel] : [])));
  return [...kernels].flatMap((kernel, index) => [...(index === 0 ? [] : [', ']), code(kernel)]);
}

/** The stage, what was published of it, and what tells the curve from the others of that stage. */
function titleOf({ stage, metric, axis, points }: VariantCurve, curves: readonly VariantCurve[]): readonly Inline[] {
  const [cell, ...others] = [points, ...curves.map((curve) => curve.points)].flatMap(
    ([point]) => point?.before.cell ?? [],
  );
  if (cell === undefined) return [stage];
  const telling = DIMENSIONS.filter(
    ({ key }) => key !== axis.key && key !== 'workload' && others.some((other) => other[key] !== cell[key]),
  );
  const setting = describeIn(telling, cell);
  const isOnlyOfStage = others.every((other) => other.workload === cell.workload);
  return [
    stage,
    ...(metric === undefined ? (isOnlyOfStage ? [] : [', ', code(cell.workload)]) : [`, ${metric}`]),
    ...(setting === '' ? [] : [`, ${setting}`]),
  ];
}

/** Below this a factor needs two decimals to say who is faster. */
const NEAR_ONE = 1.1;

const right = (label: string): Column => ({ label, align: 'right' });

function tableOf({ axis, points }: VariantCurve): TableContent {
  const hasPublished = points.some((point) => (['before', 'after'] as const).some((side) => point[side].publishedNs));
  const side = (name: string): Column[] => [
    ...(hasPublished ? [right(`${name}, published`)] : []),
    right(`${name}, simulated`),
    ...(hasPublished ? [right('error')] : []),
  ];
  return {
    columns: [
      right(axis.label),
      ...side('before'),
      ...side('after'),
      ...(hasPublished ? [right('before ÷ after, published')] : []),
      right('before ÷ after, simulated'),
    ],
    rows: points.map((point) => [
      [axis.show(point.before.cell)],
      ...sideCells(point.before, hasPublished),
      ...sideCells(point.after, hasPublished),
      ...(hasPublished ? [[ratioText(point, 'published')]] : []),
      [ratioText(point, 'simulated')],
    ]),
  };
}

function sideCells({ timeNs, publishedNs }: VariantSide, hasPublished: boolean): readonly (readonly Inline[])[] {
  if (!hasPublished) return [[formatTime(timeNs)]];
  if (publishedNs === undefined) return [['–'], [formatTime(timeNs)], ['–']];
  return [[formatTime(publishedNs)], [formatTime(timeNs)], [formatSignedPercent(errorPercent(timeNs, publishedNs))]];
}

function ratioText(point: VariantPoint, origin: 'published' | 'simulated'): string {
  const [before, after] = [timeAt(point, 'before', origin), timeAt(point, 'after', origin)];
  if (before === undefined || after === undefined || after === 0) return '–';
  const ratio = before / after;
  return `${ratio < NEAR_ONE ? ratio.toFixed(2) : formatFactor(ratio)}×`;
}
