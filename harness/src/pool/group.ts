/** Puts cells together into tasks. */
import type { CellJob } from './task.ts';

/**
 * Groups cells that differ in their vCPUs or their machine alone: what a worker has built for one it uses for the
 * next. Groups are split while there are fewer of them than workers. The grouping changes no result.
 */
export function groupJobs(jobs: readonly CellJob[], workers: number): CellJob[][] {
  const alike = Map.groupBy(jobs, ({ cell: { vcpus: _vcpus, profile: _profile, ...rest } }) => JSON.stringify(rest));
  const groups = [...alike.values()];
  while (groups.length < workers) {
    const longest = groups.reduce((best, group, index) => (group.length > (groups[best]?.length ?? 0) ? index : best), 0);
    const group = groups[longest];
    if (group === undefined || group.length < 2) break;
    const half = Math.ceil(group.length / 2);
    groups.splice(longest, 1, group.slice(0, half), group.slice(half));
  }
  return groups;
}
