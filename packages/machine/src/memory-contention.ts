/**
 * How fast guests access memory together: a closed queueing network.
 *
 * Each running vCPU alternates between private work (the latency of its own miss) and a station that all share, the
 * memory system. With few vCPUs the latency decides, with many the station does. Solved exactly by mean value
 * analysis (Reiser and Lavenberg, "Mean-value analysis of closed multichain queuing networks", J. ACM 27, 1980): an
 * arriving access finds the queue that a network with one vCPU less has on average.
 */
import type { Costs } from './costs.ts';

/**
 * How long an access of a guest with so many vCPUs takes on an idle memory system. A vCPU alone is near its memory. Of
 * several the slowest is far from it, and a stage ends when that one has: so all of them are taken to be far.
 */
export function latencyNs({ guestAccess, farMemory }: Costs, vcpus: number): number {
  return guestAccess + (vcpus > 1 ? (farMemory ?? 0) : 0);
}

/**
 * Time of one access by number of vCPUs that run.
 *
 * @param latencyNs - of an access on an idle memory system, the station's service included
 * @param serviceNs - of the station
 * @param vcpus - the most that can run
 * @returns nanoseconds; index 0 is unused
 */
export function accessTimes(latencyNs: number, serviceNs: number, vcpus: number): Float64Array {
  const times = new Float64Array(vcpus + 1);
  const privateNs = Math.max(0, latencyNs - serviceNs);
  let queued = 0;
  for (let running = 1; running <= vcpus; running++) {
    const atStationNs = serviceNs * (1 + queued);
    times[running] = privateNs + atStationNs;
    queued = (running * atStationNs) / (privateNs + atStationNs);
  }
  return times;
}
