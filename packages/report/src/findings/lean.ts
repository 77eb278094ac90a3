/** Which costs of a profile the results lean on, and by how much. */
import { okResults, stageEntries } from '../cells.ts';
import type { Cell, Comparison, ProfileNote, ResultDocument, StageName, StageResult } from '../schema.ts';
import { lastCommonStage, matchStrategies } from './pairs.ts';

/** A cost and its part of some time that was charged. */
export interface CostShare {
  readonly name: string;
  readonly sharePercent: number;
}

type Charged = Readonly<Record<string, number>>;

/** The names of the profile's assumed costs, in its order. */
export function assumedCosts(profile: ProfileNote): readonly string[] {
  return profile.costs.filter(({ provenance }) => provenance === 'assumed').map(({ name }) => name);
}

/**
 * The part of the time charged in all cells that each of the profile's assumed costs makes up, the largest first.
 *
 * @returns `undefined` where the results do not say what was charged
 */
export function assumedShares(document: ResultDocument, profile: ProfileNote): readonly CostShare[] | undefined {
  const charged = new Map<string, number>();
  for (const result of okResults(document)) {
    if (result.cell.profile !== profile.name) continue;
    for (const [, stage] of stageEntries(result)) {
      for (const [name, ns] of Object.entries(stage.chargedNs ?? {})) charged.set(name, (charged.get(name) ?? 0) + ns);
    }
  }
  const all = Object.fromEntries(charged);
  return totalOf(all) === 0 ? undefined : largestFirst(assumedCosts(profile), all);
}

/** The part of a stage's charged time that some costs make up; `undefined` where it does not say what was charged. */
export function chargedPercent({ chargedNs }: StageResult, costs: readonly string[]): number | undefined {
  if (chargedNs === undefined) return undefined;
  const total = totalOf(chargedNs);
  return total === 0 ? 0 : (totalOf(chargedNs, costs) / total) * 100;
}

/**
 * The most of a stage's length that can rest on some costs: their charged time as if nobody else had done anything
 * meanwhile. No more than that is saved where they cost nothing, as long as the course of events stays the same.
 */
export function lengthPercentAtMost({ chargedNs, timeNs }: StageResult, costs: readonly string[]): number | undefined {
  if (chargedNs === undefined) return undefined;
  const ns = totalOf(chargedNs, costs);
  return ns === 0 ? 0 : Math.min(100, (ns / timeNs) * 100);
}

/** What is charged otherwise to one strategy than to another, in one setting. */
export interface DifferenceLean {
  readonly cell: Cell;
  /** The difference in charged time, over all costs, whatever its sign. */
  readonly differenceNs: number;
  /** The part of that which each of the profile's assumed costs makes up, the largest first. */
  readonly shares: readonly CostShare[];
}

/** A comparison, and what the difference of its strategies leans on. */
export interface ComparisonLean {
  readonly comparison: Comparison;
  readonly stage: StageName;
  readonly rows: readonly DifferenceLean[];
}

/** Every comparison with the differences in charged time, in all settings on this profile that say what was charged. */
export function comparisonLeans(document: ResultDocument, profile: ProfileNote): readonly ComparisonLean[] {
  const assumed = assumedCosts(profile);
  return (document.comparisons ?? []).flatMap((comparison): ComparisonLean[] => {
    const settings = matchStrategies(document, [comparison.from, comparison.to]).filter(
      ([from]) => from?.cell.profile === profile.name,
    );
    const stage = lastCommonStage(settings.flat());
    if (settings.length === 0 || stage === undefined) return [];
    const rows = settings.flatMap(([from, to]): DifferenceLean[] => {
      const [before, after] = [from?.stages[stage]?.chargedNs, to?.stages[stage]?.chargedNs];
      if (from === undefined || before === undefined || after === undefined) return [];
      const difference = differenceOf(before, after);
      return [{ cell: from.cell, differenceNs: totalOf(difference), shares: largestFirst(assumed, difference) }];
    });
    return rows.length === 0 ? [] : [{ comparison, stage, rows }];
  });
}

function differenceOf(before: Charged, after: Charged): Charged {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries([...names].map((name) => [name, Math.abs((after[name] ?? 0) - (before[name] ?? 0))]));
}

function largestFirst(costs: readonly string[], charged: Charged): readonly CostShare[] {
  const total = totalOf(charged);
  return costs
    .map((name) => ({ name, sharePercent: total === 0 ? 0 : ((charged[name] ?? 0) / total) * 100 }))
    .sort((a, b) => b.sharePercent - a.sharePercent);
}

function totalOf(charged: Charged, costs: readonly string[] = Object.keys(charged)): number {
  return costs.reduce((sum, name) => sum + (charged[name] ?? 0), 0);
}
