/** Puts cells together into tasks. */
import type { CellJob } from './task.ts';

/** More tasks than workers, so that the last ones even out. */
const TASKS_PER_WORKER = 2;

/**
 * Groups cells that differ in their vCPUs alone: what a worker builds for one it may use for the next. Groups are
 * split while there are too few of them to keep every worker busy. The grouping changes no result.
 */
export function groupJobs(jobs: readonly CellJob[], workers: number): CellJob[][] {
  const alike = Map.groupBy(jobs, ({ cell: { vcpus: _, ...rest } }) => JSON.stringify(rest));
  const groups = [...alike.values()];
  while (groups.length < workers * TASKS_PER_WORKER) {
    const longest = groups.reduce((best, group, index) => (group.length > (groups[best]?.length ?? 0) ? index : best), 0);
    const group = groups[longest];
    if (group === undefined || group.length < 2) break;
    const half = Math.ceil(group.length / 2);
    groups.splice(longest, 1, group.slice(0, half), group.slice(half));
  }
  return groups;
}
