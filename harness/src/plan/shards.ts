/** Which cells belong together, and how a matrix is shared out. */
import type { Cell } from '@s2bench/report/schema';
import type { ShardChoice } from '../options/values.ts';

/**
 * Groups cells that differ in their vCPUs or their machine alone: what a worker has built for one it uses for the
 * next. Groups are split while there are fewer of them than workers, or machines, to share them. The grouping changes
 * no result.
 */
export function groupAlike<T extends { readonly cell: Cell }>(items: readonly T[], sharers: number): T[][] {
  const alike = Map.groupBy(items, ({ cell: { vcpus: _vcpus, profile: _profile, ...rest } }) => JSON.stringify(rest));
  const groups = [...alike.values()];
  while (groups.length < sharers) {
    const longest = groups.reduce(
      (best, group, index) => (group.length > (groups[best]?.length ?? 0) ? index : best),
      0,
    );
    const group = groups[longest];
    if (group === undefined || group.length < 2) break;
    const half = Math.ceil(group.length / 2);
    groups.splice(longest, 1, group.slice(0, half), group.slice(half));
  }
  return groups;
}

/**
 * What one cell more costs beside the building of its tables, which cells that differ in vCPUs or machine alone share.
 * From timing cells of 1 to 128 vCPUs: 130 ms where the tables are there, 1200 ms and more where they are not.
 */
const CELL_PER_BUILD = 0.1;

/**
 * The places, in the matrix, of a shard's cells, in order. Every cell is in exactly one shard, and every machine finds
 * the same ones. Cells that share what is built stay together while there are enough of them; the costliest group goes
 * first, each to the shard that has the least to do.
 */
export function shardPlaces(cells: readonly Cell[], { index, count }: ShardChoice): number[] {
  const placed = cells.map((cell, place) => ({ cell, place }));
  const groups = groupAlike(placed, count).map((group) => ({ group, cost: workOf(group) }));
  groups.sort((a, b) => b.cost - a.cost);
  const loads = Array.from({ length: count }, () => 0);
  const places: number[] = [];
  for (const { group, cost } of groups) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + cost;
    if (lightest === index - 1) places.push(...group.map(({ place }) => place));
  }
  return places.sort((a, b) => a - b);
}

/** The work of a group of alike cells, in pages to be built, which the time goes by. */
export function workOf(group: readonly { readonly cell: Cell }[]): number {
  const pages = Math.max(...group.map(({ cell }) => cell.memoryBytes / cell.pageSizeBytes));
  return pages * (1 + CELL_PER_BUILD * (group.length - 1));
}

/** The same with no more memory than so much, or one block. */
export function withinBytes<T extends { readonly cell: Cell }>(item: T, mostBytes: number): T {
  const { granuleBytes, memoryBytes } = item.cell;
  const blocks = Math.max(1, Math.floor(mostBytes / granuleBytes));
  return { ...item, cell: { ...item.cell, memoryBytes: Math.min(memoryBytes, blocks * granuleBytes) } };
}
