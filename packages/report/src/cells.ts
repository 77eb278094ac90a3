/** The dimensions of a matrix: which of them vary, and how a cell is told from the others. */
import { formatBytes } from './format/bytes.ts';
import type { Cell, CellResult, OkResult, ResultDocument, StageName, StageResult } from './schema.ts';
import { inOneOrder } from './stage-names.ts';

/** One dimension of the matrix. */
export interface Dimension {
  readonly key: keyof Cell;
  readonly label: string;
  /** The value of a cell, as a table shows it. */
  readonly show: (cell: Cell) => string;
  /** Whether the value is a name that its author chose, to be set as code. */
  readonly isName: boolean;
  /** The value with what it is, for a caption. */
  readonly describe: (cell: Cell) => string;
}

function named(key: 'strategy' | 'history' | 'profile' | 'kernel' | 'workload'): Dimension {
  return { key, label: key, isName: true, show: (cell) => cell[key], describe: (cell) => `${key} ${cell[key]}` };
}

function sized(key: 'memoryBytes' | 'granuleBytes' | 'pageSizeBytes', label: string): Dimension {
  const show = (cell: Cell): string => formatBytes(cell[key]);
  return { key, label, isName: false, show, describe: (cell) => `${show(cell)} ${label}` };
}

/** Every dimension, in the order of a table's columns. */
export const DIMENSIONS: readonly Dimension[] = [
  named('strategy'),
  {
    key: 'variant',
    label: 'variant',
    isName: true,
    show: (cell) => cell.variant ?? '',
    describe: (cell) => cell.variant ?? '',
  },
  {
    key: 'vcpus',
    label: 'vCPUs',
    isName: false,
    show: (cell) => String(cell.vcpus),
    describe: (cell) => `${String(cell.vcpus)} vCPU${cell.vcpus === 1 ? '' : 's'}`,
  },
  named('history'),
  sized('memoryBytes', 'memory'),
  { key: 'backing', label: 'backing', isName: false, show: (cell) => cell.backing, describe: (cell) => cell.backing },
  sized('granuleBytes', 'granule'),
  sized('pageSizeBytes', 'pages'),
  named('workload'),
  named('kernel'),
  named('profile'),
  {
    key: 'seed',
    label: 'seed',
    isName: false,
    show: (cell) => String(cell.seed),
    describe: (cell) => `seed ${String(cell.seed)}`,
  },
];

/** The dimensions that have more than one value in these cells. */
export function varyingDimensions(cells: readonly Cell[]): readonly Dimension[] {
  return DIMENSIONS.filter(({ key }) => new Set(cells.map((cell) => cell[key])).size > 1);
}

/** What all the cells have in common, in one line. */
export function commonCaption(cells: readonly Cell[]): string {
  const [first] = cells;
  if (first === undefined) return '';
  const varying = new Set(varyingDimensions(cells));
  return describeIn(
    DIMENSIONS.filter((dimension) => !varying.has(dimension)),
    first,
  );
}

/** A cell's values in some dimensions, in one line; a dimension that it has no value in is left out. */
export function describeIn(dimensions: readonly Dimension[], cell: Cell): string {
  return dimensions
    .map((dimension) => dimension.describe(cell))
    .filter((text) => text !== '')
    .join(', ');
}

/** What tells a cell from those of the same strategy: cells of different strategies with one key are comparable. */
export function settingKey(cell: Cell): string {
  return DIMENSIONS.filter(({ key }) => key !== 'strategy')
    .map(({ key }) => String(cell[key]))
    .join('\u0000');
}

/** The cells that were simulated, in the document's order. */
export function okResults(document: ResultDocument): readonly OkResult[] {
  return document.cells.filter((result): result is OkResult => result.status === 'ok');
}

/** The stages that some cell has results of, in the order in which they happen. */
export function stagesOf(results: readonly CellResult[]): readonly StageName[] {
  return inOneOrder(results.map((result) => (result.status === 'ok' ? Object.keys(result.stages) : [])));
}

/** Every stage of a cell that there are results of, in the order in which they happened. */
export function stageEntries(result: OkResult): readonly (readonly [StageName, StageResult])[] {
  return Object.entries(result.stages);
}

/** All faults. Those that were spurious are among the translation and permission faults. */
export function faultsOf({ faults }: StageResult): number {
  return faults.translation + faults.permission;
}

/** Stale reads of all the stages of a cell. */
export function staleReadsOf(result: OkResult): number {
  return stageEntries(result).reduce((sum, [, stage]) => sum + stage.staleReads, 0);
}
