/** Spans the matrix: which cells there are, and which corners cannot exist. */
import type { Cell } from '@s2bench/report/schema';
import type { KnownWorkload } from '../plugins/workloads.ts';
import { UsageError } from '../cli/errors.ts';
import type { MatrixAxes } from '../options/axes.ts';
import { granuleSizes, LARGEST, whatGranules, whyNoGranule } from '../options/granules.ts';
import { formatSize } from '../options/values.ts';

/** A point of the matrix; with a reason, it is a corner that cannot exist. */
export interface MatrixPoint {
  readonly cell: Cell;
  readonly skipReason?: string;
}

/** Axes whose strategies and profiles are loaded, so that their names are known. */
export type NamedAxes = Omit<MatrixAxes, 'stages' | 'strategy' | 'logStart' | 'logStop'> & {
  /** Each with its hooks. */
  readonly strategy: readonly Pick<Cell, 'strategy' | 'logStart' | 'logStop'>[];
};

/**
 * Spans the matrix in a stable order: what a table puts side by side, the strategies, varies fastest.
 *
 * A granule that no page size and backing of the matrix together can have is an error, because nothing of what the
 * user asked for could run. A granule that some of them have is fine; where the others meet it, the corner is kept
 * and marked with the reason. The same holds for a history that only some of the workloads have.
 *
 * @param granuleOrigin - how messages name the granule's option
 * @throws UsageError for a granule that cannot be
 */
export function expandMatrix(
  axes: NamedAxes,
  workloads: readonly Pick<KnownWorkload, 'name' | 'histories'>[],
  granuleOrigin: string,
): MatrixPoint[] {
  requirePossibleGranules(axes, granuleOrigin);
  const points: MatrixPoint[] = [];
  for (const workload of axes.workload)
    for (const profile of axes.profile)
      for (const kernel of axes.kernel)
        for (const pageSizeBytes of axes.pageSize)
          for (const backing of axes.backing)
            for (const granuleBytes of granuleSizes(axes.granule, backing, pageSizeBytes))
              for (const memoryBytes of axes.memory)
                for (const history of axes.history)
                  for (const vcpus of axes.vcpus)
                    for (const seed of axes.seed)
                      for (const strategy of axes.strategy) {
                        const cell: Cell = {
                          ...strategy,
                          vcpus,
                          memoryBytes,
                          granuleBytes,
                          pageSizeBytes,
                          backing,
                          history,
                          profile,
                          kernel,
                          workload,
                          seed,
                        };
                        const skipReason = whyNoCorner(cell) ?? whyNoHistory(cell, workloads);
                        points.push(skipReason === undefined ? { cell } : { cell, skipReason });
                      }
  return points;
}

/** The matrices of several variants as one: what they have in the same place stands side by side. */
export function sideBySide(matrices: readonly (readonly MatrixPoint[])[]): MatrixPoint[] {
  const longest = Math.max(...matrices.map(({ length }) => length));
  return Array.from({ length: longest }, (_, place) => matrices.flatMap((points) => points[place] ?? [])).flat();
}

function requirePossibleGranules(axes: NamedAxes, origin: string): void {
  for (const granuleBytes of axes.granule ?? []) {
    if (granuleBytes === LARGEST) continue;
    const reasons = axes.pageSize.flatMap((pageSizeBytes) =>
      axes.backing.map((backing) => whyNoGranule(granuleBytes, backing, pageSizeBytes)),
    );
    const [reason] = reasons;
    if (reason !== undefined && !reasons.includes(undefined)) {
      throw new UsageError(`${origin} ${formatSize(granuleBytes)}: ${reason}`);
    }
  }
}

/** Why a cell's backing cannot have its block: the same words for all blocks that it does not give. */
function whyNoCorner({ granuleBytes, backing, pageSizeBytes }: Cell): string | undefined {
  if (whyNoGranule(granuleBytes, backing, pageSizeBytes) === undefined) return undefined;
  return whatGranules(backing, pageSizeBytes);
}

function whyNoHistory(cell: Cell, workloads: readonly Pick<KnownWorkload, 'name' | 'histories'>[]): string | undefined {
  const workload = workloads.find(({ name }) => name === cell.workload);
  if (workload?.histories.some(({ name }) => name === cell.history) === true) return undefined;
  return `workload ${cell.workload} has no history ${cell.history}`;
}
