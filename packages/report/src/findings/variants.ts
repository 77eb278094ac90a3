/** The two sides of a patch series, cell by cell, as curves over the number of vCPUs or the memory. */
import { DIMENSIONS, okResults, stagesOf } from '../cells.ts';
import type { Dimension } from '../cells.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../schema.ts';
import { publishedMedianS } from './published.ts';

/** One side at one place of a curve. */
export interface VariantSide {
  readonly cell: Cell;
  /** Simulated. */
  readonly timeNs: number;
  /** The published median. */
  readonly publishedNs: number | undefined;
}

/** Both sides at one place of a curve. */
export interface VariantPoint {
  /** The number of vCPUs, or bytes of memory. */
  readonly at: number;
  readonly before: VariantSide;
  readonly after: VariantSide;
}

/** A stage of cells that differ in one number alone, under both sides. */
export interface VariantCurve {
  readonly stage: StageName;
  /** What the published figures are of, as their report says it. */
  readonly metric: string | undefined;
  /** What grows along it. */
  readonly axis: Dimension;
  /** By {@link VariantPoint.at}. */
  readonly points: readonly VariantPoint[];
}

/** What may differ between the two sides of one pair. */
const SIDES_DIFFER: ReadonlySet<keyof Cell> = new Set(['variant', 'strategy', 'kernel', 'workload']);

/** The curves of a document; none where no cell has a variant. Of stages that figures were published for, where there are any. */
export function variantCurves(document: ResultDocument): readonly VariantCurve[] {
  const results = okResults(document);
  const pairs = pairsOf(results);
  const axis = axisOf(pairs.map(([{ cell }]) => cell));
  if (axis === undefined) return [];
  const published = new Set(results.flatMap((result) => (result.published ?? []).map(({ stage }) => stage)));
  const stages = stagesOf(results).filter((stage) => published.size === 0 || published.has(stage));
  const keyOf = (pair: Pair): string => JSON.stringify(pair.map(({ cell }) => valuesBut(cell, new Set([axis.key]))));
  return stages.flatMap((stage) =>
    [...Map.groupBy(pairs, keyOf).values()].flatMap((along) => curveOf(along, stage, axis) ?? []),
  );
}

type Pair = readonly [before: OkResult, after: OkResult];

/**
 * The cells of both sides that belong together. A side has its own kernel models and workloads, so that nothing in two cells
 * says that they are one setting but their order, in which a matrix has both sides.
 */
function pairsOf(results: readonly OkResult[]): Pair[] {
  const settings = Map.groupBy(results, ({ cell }) => JSON.stringify(valuesBut(cell, SIDES_DIFFER)));
  return [...settings.values()].flatMap((alike) => {
    const [before, after] = (['before', 'after'] as const).map((name) =>
      alike.filter(({ cell }) => cell.variant === name),
    );
    if (before === undefined || after?.length !== before.length) return [];
    return before.flatMap((one, index): Pair[] => {
      const other = after[index];
      return other === undefined ? [] : [[one, other]];
    });
  });
}

function valuesBut(cell: Cell, left: ReadonlySet<keyof Cell>): unknown[] {
  return DIMENSIONS.filter(({ key }) => !left.has(key)).map(({ key }) => cell[key]);
}

/** vCPUs where they vary, else memory where that does. */
function axisOf(cells: readonly Cell[]): Dimension | undefined {
  if (cells.length === 0) return undefined;
  const varies = (key: keyof Cell): boolean => new Set(cells.map((cell) => cell[key])).size > 1;
  const key = !varies('vcpus') && varies('memoryBytes') ? 'memoryBytes' : 'vcpus';
  return DIMENSIONS.find((dimension) => dimension.key === key);
}

function curveOf(pairs: readonly Pair[], stage: StageName, axis: Dimension): VariantCurve | undefined {
  const points = pairs.flatMap((pair): VariantPoint[] => {
    const [before, after] = pair.map((result) => sideOf(result, stage));
    if (before === undefined || after === undefined) return [];
    return [{ at: Number(before.cell[axis.key]), before, after }];
  });
  if (points.length === 0) return undefined;
  const [metric] = pairs
    .flat()
    .flatMap(({ published = [] }) =>
      published.flatMap((figure) => (figure.stage === stage && figure.metric !== undefined ? [figure.metric] : [])),
    );
  return { stage, metric, axis, points: points.toSorted((a, b) => a.at - b.at) };
}

function sideOf(result: OkResult, stage: StageName): VariantSide | undefined {
  const timeNs = result.stages[stage]?.timeNs;
  if (timeNs === undefined) return undefined;
  const publishedS = publishedMedianS(result, stage);
  return { cell: result.cell, timeNs, publishedNs: publishedS === undefined ? undefined : publishedS * 1e9 };
}
