/** Another strategy set beside one: what it would have changed in the same settings. */
import type { Cell, Comparison, ResultDocument, StageName, StageResult } from '../schema.ts';
import { errorPercent } from '../statistics.ts';
import { lastCommonStage, matchStrategies } from './pairs.ts';

/** Both strategies in one setting. */
export interface AlternativeRow {
  readonly cell: Cell;
  readonly from: StageResult;
  readonly to: StageResult;
  readonly extraNs: number;
  readonly extraPercent: number;
}

/** A comparison of role `alternative` with its results. */
export interface Alternative {
  readonly comparison: Comparison;
  readonly stage: StageName;
  readonly rows: readonly AlternativeRow[];
}

/** Every comparison of role `alternative` that the document has results for. */
export function findAlternatives(document: ResultDocument): readonly Alternative[] {
  return (document.comparisons ?? []).flatMap((comparison): Alternative[] => {
    if (comparison.role !== 'alternative') return [];
    const settings = matchStrategies(document, [comparison.from, comparison.to]);
    const stage = lastCommonStage(settings.flat());
    if (settings.length === 0 || stage === undefined) return [];
    const rows = settings.flatMap((results): AlternativeRow[] => {
      const [cell, from, to] = [results[0]?.cell, results[0]?.stages[stage], results[1]?.stages[stage]];
      if (cell === undefined || from === undefined || to === undefined) return [];
      const extraNs = to.timeNs - from.timeNs;
      return [{ cell, from, to, extraNs, extraPercent: from.timeNs === 0 ? 0 : errorPercent(to.timeNs, from.timeNs) }];
    });
    return [{ comparison, stage, rows }];
  });
}
