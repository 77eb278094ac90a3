/** Splits the gain of one strategy over another into its parts, each part a pair that differs in one thing. */
import type { Cell, Comparison, ResultDocument, StageName } from '../schema.ts';
import { isShownAsNothing } from '../format/percent.ts';
import { savedPercent } from '../statistics.ts';
import { lastCommonStage, matchStrategies } from './pairs.ts';
import { publishedMedianS } from './published.ts';

/** What one part gives in one setting. */
export interface PartOfGain {
  readonly savedNs: number;
  /** Of the time of the chain's first strategy. */
  readonly savedPercent: number;
  /** Of the whole gain; `undefined` where the chain gains nothing. */
  readonly sharePercent: number | undefined;
}

/** A chain in one setting. */
export interface SplitRow {
  /** The cell of the chain's first strategy: the setting. */
  readonly cell: Cell;
  /** The stage's time of every strategy of the chain. */
  readonly timesNs: readonly number[];
  readonly parts: readonly PartOfGain[];
  readonly gainPercent: number;
  /** The same gain by the published medians, where both ends have them. */
  readonly publishedGainPercent: number | undefined;
}

/** A gain and its parts in every setting in which all strategies of the chain were simulated. */
export interface Split {
  readonly stage: StageName;
  /** From the first to the last, one more than there are factors. */
  readonly strategies: readonly string[];
  readonly factors: readonly string[];
  /** The comparisons that it is made of, one for each factor. */
  readonly chain: readonly Comparison[];
  readonly rows: readonly SplitRow[];
}

/** Every chain of comparisons of role `part` that the document has results for. */
export function findSplits(document: ResultDocument): readonly Split[] {
  return chainsOf(document.comparisons ?? []).flatMap((chain) => splitOf(document, chain) ?? []);
}

/** The rows that published figures exist for, or all where there are none: what a summary speaks of. */
export function rowsToSummarise(split: Split): readonly SplitRow[] {
  const published = split.rows.filter((row) => row.publishedGainPercent !== undefined);
  return published.length > 0 ? published : split.rows;
}

/** Whether a part, by its place in the chain, neither saves nor costs as much as is shown, in all of the rows. */
export function givesNothing(rows: readonly SplitRow[], part: number): boolean {
  return rows.every((row) => isShownAsNothing(row.parts[part]?.savedPercent ?? 0));
}

function chainsOf(comparisons: readonly Comparison[]): readonly (readonly Comparison[])[] {
  const chains: Comparison[][] = [];
  for (const comparison of comparisons.filter(({ role }) => role === 'part')) {
    const last = chains.at(-1);
    if (last?.at(-1)?.to === comparison.from) last.push(comparison);
    else chains.push([comparison]);
  }
  return chains;
}

function splitOf(document: ResultDocument, chain: readonly Comparison[]): Split | undefined {
  const [head] = chain;
  if (head === undefined) return undefined;
  const strategies = [head.from, ...chain.map(({ to }) => to)];
  const settings = matchStrategies(document, strategies);
  const stage = lastCommonStage(settings.flat());
  if (settings.length === 0 || stage === undefined) return undefined;
  const rows = settings.flatMap((results) => {
    const timesNs = results.flatMap((result) => result.stages[stage]?.timeNs ?? []);
    const [first, last] = [results[0], results.at(-1)];
    if (first === undefined || last === undefined) return [];
    const publishedFrom = publishedMedianS(first, stage);
    const publishedTo = publishedMedianS(last, stage);
    const publishedGainPercent =
      publishedFrom === undefined || publishedTo === undefined ? undefined : savedPercent(publishedFrom, publishedTo);
    return [{ cell: first.cell, timesNs, ...gainOf(timesNs), publishedGainPercent }];
  });
  return { stage, strategies, factors: chain.map(({ factor }) => factor), chain, rows };
}

function gainOf(timesNs: readonly number[]): Pick<SplitRow, 'parts' | 'gainPercent'> {
  const from = timesNs[0] ?? 0;
  const to = timesNs.at(-1) ?? 0;
  const parts = timesNs.slice(1).map((time, index): PartOfGain => {
    const savedNs = (timesNs[index] ?? time) - time;
    return {
      savedNs,
      savedPercent: from === 0 ? 0 : (savedNs / from) * 100,
      sharePercent: from > to ? (savedNs / (from - to)) * 100 : undefined,
    };
  });
  return { parts, gainPercent: savedPercent(from, to) };
}
