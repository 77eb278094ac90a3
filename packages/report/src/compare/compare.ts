/** What differs between two result documents. */
import { DIMENSIONS, stageEntries } from '../cells.ts';
import type { Dimension } from '../cells.ts';
import { VERDICT_STATUSES } from '../schema.ts';
import type { Cell, CellResult, OkResult, ResultDocument, StageName, Verdict } from '../schema.ts';
import { passes, sizeOf } from './change.ts';
import type { Change } from './change.ts';
import { crossedDimensions, differencesOf } from './differences.ts';
import type { Difference } from './differences.ts';
import { HEADLINE_METRICS, METRICS } from './metrics.ts';
import type { Metric } from './metrics.ts';
import { titlesOf } from './names.ts';
import type { NamedDocument } from './names.ts';
import type { MetricThreshold, Threshold } from './threshold.ts';

/** A metric of a cell that has changed, or that passes a threshold as it is. */
export interface MetricChange extends Change {
  readonly stage: StageName;
  readonly metric: Metric;
  /** The thresholds that it passes. */
  readonly hits: readonly Threshold[];
}

/** Another verdict, or another end: simulated, skipped, failed. */
export interface WordChange {
  readonly from: string;
  readonly to: string;
  readonly isWorse: boolean;
  /** Another rule that is broken, or another reason, is neither better nor worse. */
  readonly isBetter: boolean;
  readonly hits: readonly Threshold[];
}

/** A cell that both documents have and that is not the same in them. */
export interface CellChange {
  /** As the second document has it. */
  readonly cell: Cell;
  /** As the first document has it: the same where they are not compared in one of its dimensions. */
  readonly before: Cell;
  /** In the order of the stages and of the schema. */
  readonly metrics: readonly MetricChange[];
  readonly verdict: WordChange | undefined;
  readonly outcome: WordChange | undefined;
}

/** What made a document. */
export interface Origin {
  readonly toolVersion: string;
  /** The command that gives it again. */
  readonly command: string;
  /** `baseline 0.1.0`. */
  readonly strategies: readonly string[];
}

/** What differs between two documents. Everything in it is exact: simulated results have no noise. */
export interface ResultComparison {
  /** Where the documents were read. */
  readonly base: string;
  readonly head: string;
  /** What they are called. */
  readonly baseTitle: string;
  readonly headTitle: string;
  readonly baseOrigin: Origin;
  readonly headOrigin: Origin;
  /** The verdicts of the head on the cells that both have, the worst first. */
  readonly verdicts: readonly { readonly text: string; readonly cells: number }[];
  /** What is not the same besides the results. */
  readonly differences: readonly Difference[];
  /** Those that pass a threshold first, then other verdicts, then by the size of what a reader looks at first. */
  readonly changed: readonly CellChange[];
  readonly unchangedCells: number;
  /** Cells that only one of the documents has. */
  readonly onlyBase: readonly Cell[];
  readonly onlyHead: readonly Cell[];
  /** Thresholds that are passed by a cell that only the base has. */
  readonly missingHits: readonly Threshold[];
}

/**
 * Compares two documents, cell by cell. Cells are the same where all their dimensions are; a dimension that has one
 * value in each document, and another one, is looked over: that is what the two documents differ in.
 *
 * @param base - what is compared with
 * @param head - what is compared
 * @param thresholds - conditions to be looked for
 */
export function compareResults(
  base: NamedDocument,
  head: NamedDocument,
  thresholds: readonly Threshold[] = [],
): ResultComparison {
  const crossed = crossedDimensions(base.document, head.document);
  const keyOf = keyWithout(crossed);
  const before = new Map(base.document.cells.map((result) => [keyOf(result.cell), result]));
  const after = new Map(head.document.cells.map((result) => [keyOf(result.cell), result]));
  const pairs = [...after].flatMap(([key, result]) => {
    const old = before.get(key);
    return old === undefined ? [] : [compareCells(old, result, thresholds)];
  });
  const onlyBase = [...before].filter(([key]) => !after.has(key)).map(([, result]) => result);
  const onlyHead = [...after].filter(([key]) => !before.has(key)).map(([, result]) => result);
  const changed = pairs.filter(
    (pair) => pair.metrics.length > 0 || pair.verdict !== undefined || pair.outcome !== undefined,
  );
  return {
    base: base.name,
    head: head.name,
    ...titlesOf(base, head, crossed),
    baseOrigin: originOf(base.document),
    headOrigin: originOf(head.document),
    verdicts: verdictCounts([...after].flatMap(([key, result]) => (before.has(key) ? [result] : []))),
    differences: differencesOf(base.document, head.document, crossed),
    changed: sorted(changed),
    unchangedCells: pairs.length - changed.length,
    onlyBase: onlyBase.map(({ cell }) => cell),
    onlyHead: onlyHead.map(({ cell }) => cell),
    missingHits: onlyBase.some(({ status }) => status === 'ok')
      ? thresholds.filter(({ kind }) => kind === 'missing')
      : [],
  };
}

/** The thresholds that a cell passes. */
export function hitsOf({ metrics, verdict, outcome }: CellChange): readonly Threshold[] {
  return [...(outcome?.hits ?? []), ...(verdict?.hits ?? []), ...metrics.flatMap(({ hits }) => hits)];
}

/** Whether a threshold is passed. */
export function isFailed(comparison: ResultComparison): boolean {
  return comparison.missingHits.length > 0 || comparison.changed.some((change) => hitsOf(change).length > 0);
}

/** Whether there is nothing to be said. */
export function isEqual({ differences, changed, onlyBase, onlyHead }: ResultComparison): boolean {
  return differences.length + changed.length + onlyBase.length + onlyHead.length === 0;
}

function originOf({ tool, command, strategies }: ResultDocument): Origin {
  return {
    toolVersion: tool.version,
    command,
    strategies: strategies.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`)),
  };
}

function verdictCounts(results: readonly CellResult[]): ResultComparison['verdicts'] {
  const groups = Map.groupBy(results, ({ verdict }) => verdictText(verdict));
  return [...groups]
    .map(([text, cells]) => ({ text, cells: cells.length, rank: rankOf(cells[0]?.verdict) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ text, cells }) => ({ text, cells }));
}

function keyWithout(crossed: readonly Dimension[]): (cell: Cell) => string {
  const kept = DIMENSIONS.filter((dimension) => !crossed.includes(dimension));
  return (cell) => JSON.stringify(kept.map(({ key }) => cell[key]));
}

function compareCells(before: CellResult, after: CellResult, thresholds: readonly Threshold[]): CellChange {
  return {
    cell: after.cell,
    before: before.cell,
    metrics: before.status === 'ok' && after.status === 'ok' ? metricChanges(before, after, thresholds) : [],
    verdict: verdictChange(before.verdict, after.verdict, thresholds),
    outcome: outcomeChange(before, after, thresholds),
  };
}

function metricChanges(before: OkResult, after: OkResult, thresholds: readonly Threshold[]): readonly MetricChange[] {
  const limits = thresholds.filter((threshold): threshold is MetricThreshold => threshold.kind === 'metric');
  return stageEntries(after).flatMap(([stage, result]) => {
    const old = before.stages[stage];
    if (old === undefined) return [];
    return METRICS.flatMap((metric): readonly MetricChange[] => {
      const [from, to] = [metric.valueOf(old), metric.valueOf(result)];
      // What one of them does not know has not changed for all that anybody can say.
      if (from === undefined || to === undefined) return [];
      const change = { from, to };
      const hits = limits.filter(
        (limit) =>
          limit.metric === metric && (limit.stage === undefined || limit.stage === stage) && passes(change, limit),
      );
      return change.from === change.to && hits.length === 0 ? [] : [{ stage, metric, ...change, hits }];
    });
  });
}

function verdictChange(
  before: Verdict | undefined,
  after: Verdict | undefined,
  thresholds: readonly Threshold[],
): WordChange | undefined {
  const [from, to] = [verdictText(before), verdictText(after)];
  if (from === to) return undefined;
  const isWorse = rankOf(after) < rankOf(before);
  const isBetter = rankOf(after) > rankOf(before);
  return { from, to, isWorse, isBetter, hits: isWorse ? thresholds.filter(({ kind }) => kind === 'verdict') : [] };
}

/** What was not looked at is not explored. */
function verdictText(verdict: Verdict | undefined): string {
  const status = (verdict?.status ?? 'not-explored').replace('-', ' ');
  return verdict?.rule === undefined ? status : `${status} (${verdict.rule})`;
}

function rankOf(verdict: Verdict | undefined): number {
  return VERDICT_STATUSES.indexOf(verdict?.status ?? 'not-explored');
}

function outcomeChange(
  before: CellResult,
  after: CellResult,
  thresholds: readonly Threshold[],
): WordChange | undefined {
  if (before.status === after.status) return undefined;
  const isWorse = before.status === 'ok' || after.status === 'failed';
  return {
    from: before.status === 'ok' ? 'simulated' : before.status,
    to: after.status === 'ok' ? 'simulated' : `${after.status}: ${after.reason}`,
    isWorse,
    isBetter: after.status === 'ok',
    hits: before.status === 'ok' ? thresholds.filter(({ kind }) => kind === 'missing') : [],
  };
}

function sorted(changes: readonly CellChange[]): readonly CellChange[] {
  const ranked = changes.map((change) => ({ change, rank: rank(change) }));
  return ranked
    .sort((a, b) => {
      const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
      // What is endless on both sides was found equal above, so that no difference of the two is taken.
      return at < 0 ? 0 : (b.rank[at] ?? 0) > (a.rank[at] ?? 0) ? 1 : -1;
    })
    .map(({ change }) => change);
}

/** The larger the earlier, the first number first. */
function rank(change: CellChange): readonly number[] {
  const largest = (isForemost: boolean): number =>
    Math.max(0, ...change.metrics.filter(({ metric }) => HEADLINE_METRICS.has(metric.name) === isForemost).map(sizeOf));
  return [
    hitsOf(change).length > 0 ? 1 : 0,
    change.outcome === undefined && change.verdict === undefined ? 0 : 1,
    largest(true),
    largest(false),
  ];
}
