/** What happened in a stage: counts and times, and how stalls are distributed. */
import type { RecordableHistogram } from 'node:perf_hooks';
import { createHistogram } from 'node:perf_hooks';
import type { FaultOutcome } from '@s2bench/kernel';
import { noCharges } from './charges.ts';

/** Significant digits that the stall histogram keeps. */
const STALL_FIGURES = 3;

/** How long tasks of one name took, from their begin to their end, waits for mmu_lock and for faults included. */
export interface HostTaskTimes {
  count: number;
  totalNs: number;
  longestNs: number;
}

/** Collects one stage. */
export class StageCounters {
  translationFaults = 0;
  permissionFaults = 0;
  spuriousFaults = 0;
  retriedFaults = 0;
  maps = 0;
  relaxed = 0;
  tlbiVmid = 0;
  tlbiIpa = 0;
  tlbiRange = 0;
  cleanedBytes = 0;
  icacheBytes = 0;
  tablesAllocated = 0;
  tablesFreed = 0;
  windows = 0;
  longestWindowNs = 0;
  totalWindowNs = 0;
  /** Of all windows: each page that was mapped, times how long it was out of the guest's reach. */
  windowPageNs = 0;
  lockWaitNs = 0;
  staleReads = 0;
  /** Waiting for host pages that another vCPU was making. */
  hostPageWaitNs = 0;
  /** Making them. */
  hostPageMakeNs = 0;
  /** Of the faults that were simulated one by one: from the exit to the entry of a vCPU, summed. */
  stalledNs = 0;
  /** The longest that the host has held mmu_lock in one go. */
  longestHostLockNs = 0;
  /** The tasks of the host that have ended, by name. */
  readonly hostTasks = new Map<string, HostTaskTimes>();
  /** What everybody spent, also at the same time. */
  readonly charges = noCharges();
  readonly stalls: RecordableHistogram = createHistogram({ figures: STALL_FIGURES });

  /** Faults of either kind. */
  get faults(): number {
    return this.translationFaults + this.permissionFaults;
  }

  /** The stage-2 code has answered a fault. */
  answered(outcome: FaultOutcome): void {
    if (outcome === 'spurious') this.spuriousFaults++;
    else if (outcome === 'relaxed') this.relaxed++;
    else if (outcome === 'retried') this.retriedFaults++;
  }

  /** The host gives mmu_lock up. */
  hostHeldLock(durationNs: number): void {
    if (durationNs > this.longestHostLockNs) this.longestHostLockNs = durationNs;
  }

  /** A task of the host has ended. */
  hostTaskEnded(name: string, durationNs: number): void {
    const times = this.hostTasks.get(name) ?? { count: 0, totalNs: 0, longestNs: 0 };
    times.count++;
    times.totalNs += durationNs;
    times.longestNs = Math.max(times.longestNs, durationNs);
    this.hostTasks.set(name, times);
  }

  stalled(durationNs: number): void {
    this.stalledNs += durationNs;
    // The histogram holds integers from 1 on.
    this.stalls.record(Math.max(1, Math.round(durationNs)));
  }

  /**
   * Pages are back in the guest's reach.
   *
   * @param durationNs - of the page that was out of it the longest
   * @param pageNs - the durations of all of them, summed
   */
  windowClosed(durationNs: number, pageNs: number): void {
    this.windows++;
    this.totalWindowNs += durationNs;
    this.windowPageNs += pageNs;
    if (durationNs > this.longestWindowNs) this.longestWindowNs = durationNs;
  }
}
