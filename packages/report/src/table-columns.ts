/** The columns of a terminal table. */
import { faultsOf, stageEntries, staleReadsOf, varyingDimensions } from './cells.ts';
import { formatCount } from './format/count.ts';
import { formatTime } from './format/time.ts';
import type { FitColumn } from './text/fit.ts';
import type { OkResult, ResultDocument, StageName, StageResult } from './schema.ts';

/** One column. */
export interface TableColumn extends FitColumn {
  readonly value: (result: OkResult) => string;
  /** The colour of a value that should worry a reader. */
  readonly alarm?: (result: OkResult) => 'red' | undefined;
}

/** The columns for a document: what varies, then what was found. */
export function columnsOf(document: ResultDocument, stages: readonly StageName[]): readonly TableColumn[] {
  const dimensions = varyingDimensions(document.cells.map(({ cell }) => cell));
  const hasVerdict = document.cells.some(({ verdict }) => verdict !== undefined);
  return [
    ...dimensions.map(({ label, isName, show }): TableColumn => ({
      label,
      align: isName ? 'left' : 'right',
      value: (result) => show(result.cell),
      isKey: true,
    })),
    ...stages.map((stage): TableColumn => ({
      label: stage,
      align: 'right',
      value: (result) => timeText(result, stage),
    })),
    {
      label: 'faults',
      align: 'right',
      value: (result) => formatCount(sumOf(result, faultsOf)),
      dropRank: 1,
    },
    {
      label: 'invalid\nwindow',
      align: 'right',
      value: (result) => windowText(largestOf(result, ({ invalidWindow }) => invalidWindow.longestNs)),
    },
    {
      label: 'stall\np99',
      align: 'right',
      value: (result) => formatTime(largestOf(result, ({ stallNs }) => stallNs.p99)),
      dropRank: 2,
    },
    {
      label: 'stale\nreads',
      align: 'right',
      value: (result) => formatCount(staleReadsOf(result)),
      alarm: (result) => (staleReadsOf(result) > 0 ? 'red' : undefined),
    },
    ...(hasVerdict ? [verdictColumn()] : []),
  ];
}

function verdictColumn(): TableColumn {
  return {
    label: 'verdict',
    align: 'left',
    value: ({ verdict }) => (verdict?.status ?? 'not-explored').replace('-', ' '),
    alarm: ({ verdict }) => (verdict?.status === 'unsafe' ? 'red' : undefined),
  };
}

function timeText(result: OkResult, stage: StageName): string {
  const found = result.stages[stage];
  if (found === undefined) return '–';
  return `${found.extrapolated ? '~' : ''}${formatTime(found.timeNs)}`;
}

function windowText(ns: number): string {
  return ns === 0 ? 'none' : formatTime(ns);
}

function sumOf(result: OkResult, pick: (stage: StageResult) => number): number {
  return stageEntries(result).reduce((sum, [, stage]) => sum + pick(stage), 0);
}

function largestOf(result: OkResult, pick: (stage: StageResult) => number): number {
  return stageEntries(result).reduce((largest, [, stage]) => Math.max(largest, pick(stage)), 0);
}
