/** What the time of each side goes into along a curve. */
import type { RootContent } from 'mdast';
import { okResults } from '../../cells.ts';
import { type TimeShare, timeShares } from '../../findings/time-by-cost.ts';
import type { VariantCurve, VariantSide } from '../../findings/variants.ts';
import { formatPercent } from '../../format/percent.ts';
import { type ResultDocument, VARIANT_NAMES } from '../../schema.ts';
import { details, paragraph, table } from '../tree.ts';
import type { Column } from '../tree.ts';

/** What has a smaller share at every place is put together. */
const LEAST_SHARE = 0.04;

/** A table, folded away: the vCPUs' and the host's time by the cost that it was charged to. Left out where that is not said. */
export function timeSharesOf(document: ResultDocument, curve: VariantCurve): readonly RootContent[] {
  const results = new Map(okResults(document).map((result) => [result.cell, result]));
  const sharesOf = ({ cell }: VariantSide): readonly TimeShare[] => {
    const stage = results.get(cell)?.stages[curve.stage];
    return stage === undefined ? [] : timeShares(stage);
  };
  const rows = curve.points.flatMap((point) =>
    VARIANT_NAMES.map((side) => ({ side, cell: point[side].cell, shares: sharesOf(point[side]) })),
  );
  const largest = new Map<string, number>();
  for (const { what, share } of rows.flatMap(({ shares }) => shares))
    largest.set(what, Math.max(largest.get(what) ?? 0, share));
  const shown = [...largest].filter(([, share]) => share >= LEAST_SHARE).sort((a, b) => b[1] - a[1]);
  if (shown.length === 0) return [];
  const right = (label: string): Column => ({ label, align: 'right' });
  const shareOf = (shares: readonly TimeShare[], name: string): number =>
    shares.find(({ what }) => what === name)?.share ?? 0;
  const percent = (share: number): string => (share < 5e-4 ? '–' : formatPercent(Number((share * 100).toFixed(1))));
  const content = {
    columns: [
      right(curve.axis.label),
      { label: 'side', align: 'left' } as const,
      ...shown.map(([what]) => right(what)),
      right('the rest'),
    ],
    rows: rows.map(({ side, cell, shares }) => [
      [curve.axis.show(cell)],
      [side],
      ...shown.map(([what]) => [percent(shareOf(shares, what))]),
      [percent(Math.max(0, 1 - shown.reduce((sum, [what]) => sum + shareOf(shares, what), 0)))],
    ]),
  };
  return details(
    `What the simulated time of ${curve.stage} goes into`,
    paragraph('Shares of the time of all vCPUs and the host, by the cost of the profile that it was charged to.'),
    table(content),
  );
}
