/** Finds the cells of several strategies that differ in nothing else. */
import { okResults, settingKey, stagesOf } from '../cells.ts';
import type { OkResult, ResultDocument, StageName } from '../schema.ts';

/** One cell for each of some strategies, in their order, all of one setting. */
export type Matched = readonly OkResult[];

/** The settings in which every one of the strategies was simulated, in the document's order. */
export function matchStrategies(document: ResultDocument, strategies: readonly string[]): readonly Matched[] {
  const bySetting = new Map<string, Map<string, OkResult>>();
  for (const result of okResults(document)) {
    const key = settingKey(result.cell);
    const setting = bySetting.get(key) ?? new Map<string, OkResult>();
    bySetting.set(key, setting.set(result.cell.strategy, result));
  }
  return [...bySetting.values()].flatMap((setting) => {
    const matched = strategies.flatMap((strategy) => setting.get(strategy) ?? []);
    return matched.length === strategies.length ? [matched] : [];
  });
}

/** The last stage that all of the cells have results of: where a strategy has had its effect. */
export function lastCommonStage(results: readonly OkResult[]): StageName | undefined {
  return stagesOf(results).findLast((stage) => results.every((result) => result.stages[stage] !== undefined));
}
