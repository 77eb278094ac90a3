/** `--rows`, `--cols` and `--reference`: how the table of a run is laid out. */
import type { GridLayout } from '@s2bench/report';
import type { Cell } from '@s2bench/report/schema';
import { knownNames, UsageError } from '../cli/errors.ts';
import { axesByName, type ListKey, splitList } from './run-flags.ts';

/** The flags as they were written. */
export interface LayoutFlags {
  readonly rows?: string;
  readonly cols?: string;
  readonly reference?: string;
}

const FIELDS = {
  strategy: 'strategy',
  vcpus: 'vcpus',
  memory: 'memoryBytes',
  granule: 'granuleBytes',
  pageSize: 'pageSizeBytes',
  backing: 'backing',
  history: 'history',
  profile: 'profile',
  kernel: 'kernel',
  workload: 'workload',
  seed: 'seed',
  // Hooks are part of the strategy's name.
} as const satisfies Record<Exclude<ListKey, 'stages' | 'logStart' | 'logStop'>, keyof Cell>;

const AXES = axesByName(Object.keys(FIELDS) as (keyof typeof FIELDS)[]);

/**
 * Reads the layout; `undefined` where none of the flags is given.
 *
 * @throws UsageError for an axis that is none, or that stands down and across
 */
export function readLayout({ rows, cols, reference }: LayoutFlags): GridLayout | undefined {
  if (rows === undefined && cols === undefined && reference === undefined) return undefined;
  const down = rows === undefined ? undefined : splitList(rows).map((name) => axisOf(name, '--rows'));
  const across = cols === undefined ? undefined : axisOf(cols, '--cols');
  if (across !== undefined && down?.includes(across) === true)
    throw new UsageError(`--cols ${cols ?? ''}: stands in --rows too; an axis stands down or across`);
  return { rows: down, cols: across, reference };
}

/**
 * Whether the matrix has the strategy that others are set beside.
 *
 * @throws UsageError where it has not
 */
export function requireReference(layout: GridLayout | undefined, cells: readonly Cell[]): void {
  const reference = layout?.reference;
  const known = [...new Set(cells.map(({ strategy }) => strategy))];
  if (reference !== undefined && !known.includes(reference))
    throw new UsageError(`--reference ${reference}: no cell of the matrix has it; ${knownNames(reference, known)}`);
}

function axisOf(name: string, origin: string): keyof Cell {
  const axis = AXES.get(name);
  if (axis === undefined)
    throw new UsageError(`${origin} ${name}: unknown axis; ${knownNames(name, [...AXES.keys()])}`);
  return FIELDS[axis];
}
