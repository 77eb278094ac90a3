/** Puts cells together into tasks. */
import type { Cell } from '@s2bench/report/schema';

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
