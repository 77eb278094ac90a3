/** How long pages are out of the guest's reach, and how long vCPUs stand still. */
import type { RootContent } from 'mdast';
import { okResults, stagesOf, varyingDimensions } from '../../cells.ts';
import { formatCount } from '../../format/count.ts';
import { formatSignificant } from '../../format/significant.ts';
import { formatTime } from '../../format/time.ts';
import { pivot } from '../../pivot.ts';
import type { OkResult, ResultDocument, StageName, StageResult } from '../../schema.ts';
import { cellTable, pivotTable } from '../setting-columns.ts';
import type { Measure } from '../setting-columns.ts';
import { condensed, condensedWhenLong } from '../condense.ts';
import { details, heading, paragraph } from '../tree.ts';

/** Invalid windows and stalls of every strategy. */
export function windowsSection(document: ResultDocument): readonly RootContent[] {
  const results = okResults(document);
  const stages = stagesOf(results);
  const last = stages.at(-1);
  if (last === undefined) return [];
  const having = results.filter((result) => result.stages[last] !== undefined);
  const tables =
    having.length === 1
      ? []
      : [longestWindow(last), stallP99(last)].flatMap((measure) => [
          paragraph(`${measure.label}:`),
          ...condensedWhenLong(measure.label, pivotTable(pivot(having, 'vcpus'), { ...measure, label: last })),
        ]);
  const figures = (stage: StageName): readonly RootContent[] => {
    const content = cellTable(
      of(results, stage),
      varyingDimensions(of(results, stage).map(({ cell }) => cell)),
      all(stage, of(results, stage)),
    );
    return having.length === 1
      ? [paragraph(`${stage}:`), ...condensed(content)]
      : details(`All windows and stalls of ${stage}`, ...condensed(content));
  };
  return [
    heading(2, 'Invalid window and vCPU stall'),
    paragraph(
      'The invalid window of a page lasts from the clearing of its entry, or of one above it, until it is mapped again: ',
      'meanwhile every access to it faults. A window is as long as its longest page; page-seconds add up all pages that ',
      'were mapped, each times how long it was gone. The stall is the time from the exit of a vCPU at a fault until it runs again.',
    ),
    paragraph('Both are simulated. Nobody has published them, so there is nothing to hold them against.'),
    ...tables,
    ...stages.filter((stage) => stage === last || hasWindows(results, stage)).flatMap(figures),
  ];
}

function of(results: readonly OkResult[], stage: StageName): readonly OkResult[] {
  return results.filter((result) => result.stages[stage] !== undefined);
}

function hasWindows(results: readonly OkResult[], stage: StageName): boolean {
  return results.some((result) => (result.stages[stage]?.invalidWindow.count ?? 0) > 0);
}

function longestWindow(stage: StageName): Measure {
  return {
    label: `Longest invalid window in ${stage}`,
    valueOf: (result) => result.stages[stage]?.invalidWindow.longestNs,
    format: windowText,
  };
}

function stallP99(stage: StageName): Measure {
  return {
    label: `99th percentile of the stalls in ${stage}`,
    valueOf: (result) => result.stages[stage]?.stallNs.p99,
    format: formatTime,
  };
}

function pageSecondsOf({ invalidWindow }: StageResult): number | undefined {
  return invalidWindow.pageSeconds ?? undefined;
}

/** Documents of older schema versions do not. */
function saysPageSeconds(stage: StageName, results: readonly OkResult[]): boolean {
  return results.some(({ stages }) => stages[stage] !== undefined && pageSecondsOf(stages[stage]) !== undefined);
}

function windowText(ns: number): string {
  return ns === 0 ? 'none' : formatTime(ns);
}

function all(stage: StageName, results: readonly OkResult[]): readonly Measure[] {
  const measure = (label: string, pick: (result: StageResult) => number | undefined, format = formatTime): Measure => ({
    label,
    valueOf: (result) => {
      const found = result.stages[stage];
      return found === undefined ? undefined : pick(found);
    },
    format,
  });
  return [
    measure('windows', ({ invalidWindow }) => invalidWindow.count, formatCount),
    measure('longest', ({ invalidWindow }) => invalidWindow.longestNs, windowText),
    measure('total', ({ invalidWindow }) => invalidWindow.totalNs, windowText),
    ...(saysPageSeconds(stage, results) ? [measure('page-seconds', pageSecondsOf, formatSignificant)] : []),
    measure('stall p50', ({ stallNs }) => stallNs.p50),
    measure('stall p99', ({ stallNs }) => stallNs.p99),
    measure('stall max', ({ stallNs }) => stallNs.max),
  ];
}
