/** A comparison as rows of text, whatever they are put into. */
import { DIMENSIONS, commonCaption, varyingDimensions } from '../cells.ts';
import type { Dimension } from '../cells.ts';
import type { Cell } from '../schema.ts';
import { bySize, isSlight } from './change.ts';
import { hitsOf } from './compare.ts';
import type { CellChange, MetricChange, ResultComparison } from './compare.ts';
import { HEADLINE_METRICS } from './metrics.ts';
import { formatThreshold } from './threshold.ts';
import type { Threshold } from './threshold.ts';
import { cellCount, formatSize, formatValue, toneOf, toneOfWords } from './words.ts';
import type { Tone } from './words.ts';

/** One thing of a cell that has changed. */
export interface Row {
  /** `ADJUST time`, `verdict`, `result`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** `−6.00 %`, `68 000× shorter`; empty for words. */
  readonly change: string;
  readonly tone: Tone | undefined;
  /** The thresholds that it passes: empty where there are none. */
  readonly hits: string;
}

/** A cell that has changed, in words. */
export interface CellRows {
  readonly cell: Cell;
  readonly rows: readonly Row[];
  /** Metrics that have changed by 0.01 % or more and have no row. */
  readonly more: number;
  readonly isHit: boolean;
}

/** The changed cells that have something to show, the one that matters most first. */
export function cellRows({ changed }: ResultComparison): readonly CellRows[] {
  return changed.flatMap((change) => {
    const seen = change.metrics.filter((metric) => metric.hits.length > 0 || !isSlight(metric));
    const shown = shownMetrics(seen);
    const rows = [...wordRows(change), ...shown.map(metricRow)];
    if (rows.length === 0) return [];
    return [{ cell: change.cell, rows, more: seen.length - shown.length, isHit: hitsOf(change).length > 0 }];
  });
}

/** The dimensions that tell a comparison's cells apart. One at least, so that a cell has a name. */
export function namingDimensions({ changed, onlyBase, onlyHead }: ResultComparison): readonly Dimension[] {
  const varying = varyingDimensions([...changed.map(({ cell }) => cell), ...onlyBase, ...onlyHead]);
  return varying.length > 0 ? varying : DIMENSIONS.slice(0, 1);
}

/** A cell by those dimensions: `baseline, 20 vCPUs, block-first`. */
export function cellName(cell: Cell, dimensions: readonly Dimension[]): string {
  return dimensions.map((dimension) => (dimension.isName ? dimension.show(cell) : dimension.describe(cell))).join(', ');
}

/** What all cells that are named have in common. */
export function commonName({ changed, onlyBase, onlyHead }: ResultComparison): string {
  return commonCaption([...changed.map(({ cell }) => cell), ...onlyBase, ...onlyHead]);
}

/** The number of cells and what became of them, in one sentence. */
export function countLine(comparison: ResultComparison): string {
  const { changed, unchangedCells, onlyBase, onlyHead } = comparison;
  const both = changed.length + unchangedCells;
  const parts = [
    changed.length === 0
      ? `all of ${cellCount(both)} are equal`
      : `${String(changed.length)} of ${cellCount(both)} differ`,
    ...(onlyBase.length === 0 ? [] : [`${cellCount(onlyBase.length)} only in the base`]),
    ...(onlyHead.length === 0 ? [] : [`${cellCount(onlyHead.length)} only in the other`]),
  ];
  return parts.join(', ');
}

/** The one line about results that are the same. */
export function equalLine({ baseTitle, headTitle, unchangedCells }: ResultComparison): string {
  return `${baseTitle} and ${headTitle} are equal: ${cellCount(unchangedCells)}`;
}

/** A threshold that is passed, and by how many cells. */
export interface Hit {
  readonly threshold: string;
  /** `in 3 cells`. */
  readonly where: string;
}

/** Each threshold that is passed, with the number of cells that pass it. */
export function hitsIn({ changed, missingHits, onlyBase }: ResultComparison): readonly Hit[] {
  const cells = new Map<string, number>();
  const add = (threshold: Threshold, count: number): void => {
    const text = formatThreshold(threshold);
    cells.set(text, (cells.get(text) ?? 0) + count);
  };
  for (const change of changed) for (const hit of new Set(hitsOf(change))) add(hit, 1);
  for (const hit of missingHits) add(hit, onlyBase.length);
  return [...cells].map(([threshold, count]) => ({
    threshold,
    where: `in ${String(count)} cell${count === 1 ? '' : 's'}`,
  }));
}

/** Said once in every rendering: why there is no interval beside a ratio. */
export const EXACT =
  'Simulated results are exact: the same code gives the same digits, so every difference is a real one.';

function shownMetrics(metrics: readonly MetricChange[]): readonly MetricChange[] {
  const shown = metrics.filter(({ metric, hits }) => hits.length > 0 || HEADLINE_METRICS.has(metric.name));
  // Where nothing that one looks at has changed, the rest is the news.
  const chosen = shown.length === 0 ? metrics : shown;
  const hit = (change: MetricChange): number => (change.hits.length > 0 ? 1 : 0);
  return chosen.toSorted((a, b) => hit(b) - hit(a) || bySize(a, b));
}

function wordRows({ outcome, verdict }: CellChange): readonly Row[] {
  const row = (name: string, change: typeof outcome): readonly Row[] =>
    change === undefined
      ? []
      : [
          {
            name,
            from: change.from,
            to: change.to,
            change: '',
            tone: toneOfWords(change),
            hits: change.hits.map(formatThreshold).join(', '),
          },
        ];
  return [...row('result', outcome), ...row('verdict', verdict)];
}

/** `ADJUST time`: what a row is known by. */
export function metricName({ stage, metric }: MetricChange): string {
  return `${stage} ${metric.words}`;
}

function metricRow(change: MetricChange): Row {
  const { metric, from, to, hits } = change;
  return {
    name: metricName(change),
    from: formatValue(metric, from),
    to: formatValue(metric, to),
    change: formatSize(metric, change),
    tone: toneOf(metric, change),
    hits: hits.map(formatThreshold).join(', '),
  };
}
