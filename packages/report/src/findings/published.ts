/** Simulated times beside those that somebody measured. */
import { okResults } from '../cells.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../schema.ts';
import { errorPercent, median } from '../statistics.ts';

/** A simulated time and the published figure for it. */
export interface PublishedRow {
  readonly cell: Cell;
  readonly stage: StageName;
  readonly simulatedS: number;
  /** Median of the published runs. */
  readonly publishedS: number;
  readonly runs: number;
  readonly errorPercent: number;
  readonly source: string;
}

/** Every published figure whose stage was simulated, in the document's order. */
export function publishedRows(document: ResultDocument): readonly PublishedRow[] {
  return okResults(document).flatMap((result) =>
    (result.published ?? []).flatMap((figure): PublishedRow[] => {
      const stage = result.stages[figure.stage];
      if (stage === undefined) return [];
      const simulatedS = stage.timeNs / 1e9;
      const publishedS = median(figure.seconds);
      return [
        {
          cell: result.cell,
          stage: figure.stage,
          simulatedS,
          publishedS,
          runs: figure.seconds.length,
          errorPercent: errorPercent(simulatedS, publishedS),
          source: figure.source,
        },
      ];
    }),
  );
}

/** The published median for a stage of a cell, where there is one. */
export function publishedMedianS(result: OkResult, stage: StageName): number | undefined {
  const figure = result.published?.find((candidate) => candidate.stage === stage);
  return figure === undefined ? undefined : median(figure.seconds);
}

/** The largest error of the rows, without its sign. */
export function largestErrorPercent(rows: readonly PublishedRow[]): number {
  return rows.reduce((largest, row) => Math.max(largest, Math.abs(row.errorPercent)), 0);
}
