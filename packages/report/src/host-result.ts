/** The schema of what the host did in a stage. */
import * as z from 'zod';

const nanoseconds = z.number().nonnegative();

/** What the host did in a stage, between the guests or beside them. Times are simulated nanoseconds. */
export const hostResultSchema = z.object({
  tasks: z.record(
    z.string(),
    z
      .object({
        count: z.number().int().nonnegative(),
        totalNs: nanoseconds.describe('from the begin of each to its end, waits included'),
        longestNs: nanoseconds,
      })
      .describe('tasks of one name: ioctls, and what ends a virtual machine'),
  ),
  longestLockNs: nanoseconds.describe('the longest that the host held mmu_lock in one go'),
  vcpuStallNs: nanoseconds
    .optional()
    .describe(
      'what vCPUs lost in faults in this stage, summed over all of them; left out where a part was extrapolated',
    ),
});
