/**
 * How fast guests access memory together: a closed queueing network.
 *
 * Each running vCPU alternates between private work (the latency of its own miss) and a station that all share, the
 * memory system. With few vCPUs the latency decides, with many the station does. Solved by mean value analysis for a
 * station with constant service times (Reiser and Lavenberg, 1980, and Reiser, 1979, for service times that are not
 * exponential): an arriving access waits for those that are queued, and for half a service of the one in progress.
 */

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
  let utilisation = 0;
  for (let running = 1; running <= vcpus; running++) {
    const waitingNs = serviceNs * Math.max(0, queued - utilisation) + (utilisation * serviceNs) / 2;
    const accessNs = Math.max(privateNs + serviceNs + waitingNs, running * serviceNs);
    times[running] = accessNs;
    queued = (running * (serviceNs + waitingNs)) / accessNs;
    utilisation = Math.min(1, (running * serviceNs) / accessNs);
  }
  return times;
}
