/** A measurement in the words of the result schema. */
import type { StageMeasurement } from '@s2bench/machine';
import type { StageResult } from '@s2bench/report';

/** A tenth of a picosecond: far below what the model knows, far above what its sums lose. */
const ROUNDING_PER_NS = 10_000;

/** Page-seconds are told to the page-nanosecond. */
const NS_PER_S = 1e9;

/** Rounds a simulated time, so that a result does not carry digits of a sum's last bits. */
export function rounded(timeNs: number): number {
  return Math.round(timeNs * ROUNDING_PER_NS) / ROUNDING_PER_NS;
}

/** The costs that anything was charged to. */
function spent(chargedNs: StageMeasurement['chargedNs']): Record<string, number> {
  const entries = Object.entries(chargedNs).map(([name, ns]) => [name, rounded(ns)] as const);
  return Object.fromEntries(entries.filter(([, ns]) => ns > 0));
}

/** What the host did, where it did something. */
function hostOf({ counters, sampled }: StageMeasurement): Pick<StageResult, 'host'> {
  const { hostTasks, longestHostLockNs, stalledNs } = counters;
  if (hostTasks.size === 0) return {};
  const tasks = Object.fromEntries(
    [...hostTasks].map(([name, { count, totalNs, longestNs }]) => [
      name,
      { count, totalNs: rounded(totalNs), longestNs: rounded(longestNs) },
    ]),
  );
  const longestLockNs = rounded(longestHostLockNs);
  return { host: { tasks, longestLockNs, ...(sampled === undefined && { vcpuStallNs: rounded(stalledNs) }) } };
}

/** What a stage's result says. */
export function stageResult(measurement: StageMeasurement): StageResult {
  const { timeNs, counters, chargedNs, sampled } = measurement;
  const { stalls } = counters;
  const any = stalls.count > 0;
  return {
    timeNs: rounded(timeNs),
    faults: {
      translation: counters.translationFaults,
      permission: counters.permissionFaults,
      spurious: counters.spuriousFaults,
      retried: counters.retriedFaults,
    },
    maps: counters.maps,
    relaxed: counters.relaxed,
    tlbi: { vmid: counters.tlbiVmid, ipa: counters.tlbiIpa, range: counters.tlbiRange },
    cleanedBytes: counters.cleanedBytes,
    invalidatedBytes: counters.icacheBytes,
    tablePages: { allocated: counters.tablesAllocated, freed: counters.tablesFreed },
    invalidWindow: {
      count: counters.windows,
      longestNs: rounded(counters.longestWindowNs),
      totalNs: rounded(counters.totalWindowNs),
      pageSeconds: Math.round(counters.windowPageNs) / NS_PER_S,
    },
    stallNs: {
      p50: any ? stalls.percentile(50) : 0,
      p99: any ? stalls.percentile(99) : 0,
      max: any ? stalls.max : 0,
    },
    lockWaitNs: rounded(counters.lockWaitNs),
    hostPageWaitNs: rounded(counters.hostPageWaitNs),
    staleReads: counters.staleReads,
    extrapolated: sampled !== undefined,
    ...hostOf(measurement),
    ...(sampled !== undefined && { sampledFraction: sampled.fraction, errorBound: sampled.errorBound }),
    chargedNs: spent(chargedNs),
  };
}
