/** Which assumed costs the figures lean on, and by how much. */
import type { RootContent } from 'mdast';
import { okResults, stagesOf, varyingDimensions } from '../../cells.ts';
import {
  assumedCosts,
  assumedShares,
  chargedPercent,
  comparisonLeans,
  lengthPercentAtMost,
} from '../../findings/lean.ts';
import type { ComparisonLean, CostShare } from '../../findings/lean.ts';
import { formatPercent, formatPercentRange, isShownAsNothing } from '../../format/percent.ts';
import type { OkResult, ProfileNote, ResultDocument, StageName, StageResult } from '../../schema.ts';
import { cellTable } from '../setting-columns.ts';
import type { Measure } from '../setting-columns.ts';
import { condensed } from '../condense.ts';
import { code, details, list, paragraph } from '../tree.ts';
import type { Inline } from '../tree.ts';
import { counted, enumerate } from '../words.ts';

/** Costs that make up less of a difference are not named. */
const LEAST_NAMED_PERCENT = 1;

/** How many costs were assumed, and what that means for each figure and each difference of two. */
export function leanNodes(document: ResultDocument, profile: ProfileNote): readonly RootContent[] {
  const assumed = assumedCosts(profile);
  const opening = `It gives ${counted(profile.costs.length, 'cost')}: ${provenances(profile)}. `;
  if (assumed.length === 0) return [paragraph(opening, 'The results lean on no assumed cost.')];
  const shares = assumedShares(document, profile);
  if (shares === undefined) {
    const names = enumerate(assumed.map((name) => [code(name)]));
    return [paragraph(opening, 'The results may lean on the assumed ones: ', ...names, '.')];
  }
  const leaned = shares.filter(({ sharePercent }) => !isShownAsNothing(sharePercent));
  if (leaned.length === 0) {
    return [paragraph(opening, 'No time was charged to an assumed cost: the results lean on none.')];
  }
  return [
    paragraph(opening, ...overall(leaned)),
    paragraph(
      'Charged is what all vCPUs and the host spend, also at the same time. The length of a stage rests on a cost by no ',
      'more than what was charged to it, as if nobody else had done anything meanwhile: that is the column at most, which ',
      'holds as long as the course of events stays the same.',
    ),
    ...figureTables(document, profile, assumed),
    ...differences(document, profile),
  ];
}

function provenances({ costs }: ProfileNote): string {
  const counts = (['measured', 'calibrated', 'assumed'] as const).flatMap((provenance) => {
    const count = costs.filter((cost) => cost.provenance === provenance).length;
    return count === 0 ? [] : [`${String(count)} ${provenance}`];
  });
  return counts.join(', ');
}

function overall(leaned: readonly CostShare[]): readonly Inline[] {
  return [
    `Assumed costs make up ${formatPercent(totalOf(leaned))} of the time charged in all cells: `,
    ...enumerate(leaned.map(({ name, sharePercent }) => [code(name), ` ${formatPercent(sharePercent)}`])),
    '.',
  ];
}

/** A table of every stage, folded away: a row for each cell. */
function figureTables(
  document: ResultDocument,
  profile: ProfileNote,
  assumed: readonly string[],
): readonly RootContent[] {
  const results = okResults(document).filter(({ cell }) => cell.profile === profile.name);
  return stagesOf(results).flatMap((stage) => {
    const having = results.filter((result) => result.stages[stage]?.chargedNs !== undefined);
    const measureOf = (label: string, costs: readonly string[]): Measure =>
      measure(stage, label, (result) => chargedPercent(result, costs));
    const charged = assumed
      .map((name) => measureOf(name, [name]))
      .filter(({ valueOf }) => having.some((result) => !isShownAsNothing(valueOf(result) ?? 0)));
    if (charged.length === 0) return [];
    const measures = [
      measureOf('assumed', assumed),
      measure(stage, `of ${stage}, at most`, (result) => lengthPercentAtMost(result, assumed)),
      ...charged,
    ];
    return details(
      `Assumed costs of ${profile.name} in ${stage}, in percent of the time charged`,
      ...condensed(cellTable(having, varyingDimensions(having.map(({ cell }) => cell)), measures)),
    );
  });
}

function measure(stage: StageName, label: string, pick: (result: StageResult) => number | undefined): Measure {
  const valueOf = (result: OkResult): number | undefined => {
    const found = result.stages[stage];
    return found === undefined ? undefined : pick(found);
  };
  return { label, valueOf, format: formatPercent };
}

/** What the difference of two strategies that are compared leans on: it can be another thing than the two times. */
function differences(document: ResultDocument, profile: ProfileNote): readonly RootContent[] {
  const leans = comparisonLeans(document, profile);
  if (leans.length === 0) return [];
  return [
    paragraph('What one strategy is charged more or less than another, by cost, is assumed to this part:'),
    list(false, leans.map(differenceItem)),
  ];
}

function differenceItem({ comparison, stage, rows }: ComparisonLean): readonly Inline[] {
  const opening: readonly Inline[] = [code(comparison.from), ' to ', code(comparison.to), `, in ${stage}: `];
  const differing = rows.filter(({ differenceNs }) => differenceNs > 0);
  if (differing.length === 0) return [...opening, 'nothing is charged otherwise.'];
  const totals = differing.map(({ shares }) => totalOf(shares));
  const names = (differing[0]?.shares ?? []).map(({ name }) => name);
  const named = names.flatMap((name): readonly (readonly Inline[])[] => {
    const percents = differing.map(({ shares }) => shares.find((share) => share.name === name)?.sharePercent ?? 0);
    return Math.max(...percents) < LEAST_NAMED_PERCENT ? [] : [[code(name), ` ${rangeOf(percents)}`]];
  });
  return [...opening, rangeOf(totals), ...(named.length === 0 ? [] : [' (', ...enumerate(named), ')']), '.'];
}

function totalOf(shares: readonly CostShare[]): number {
  return shares.reduce((sum, { sharePercent }) => sum + sharePercent, 0);
}

function rangeOf(percents: readonly number[]): string {
  return formatPercentRange(Math.min(...percents), Math.max(...percents));
}
