/** Where a stage stands at the end of a batch. */
import type { StageCounters } from './counters.ts';
import type { FaultAccounts } from './fault-accounts.ts';

/** How far a runner has come. */
export interface Progress {
  readonly nowNs: number;
  readonly slowestAccesses: number;
  readonly furthestAccesses: number;
  /** Accesses of the slowest vCPU by what they take, in accesses of the profile. */
  readonly slowestUnits: number;
}

/** Where a stage stood. */
export interface Mark {
  /** Of the slowest vCPU, and of the one that is furthest. */
  readonly accesses: number;
  readonly furthest: number;
  /** Of the slowest, in accesses of the profile. */
  readonly units: number;
  readonly nowNs: number;
  readonly accounts: FaultAccounts;
  readonly lockWaitNs: number;
  readonly hostPageWaitNs: number;
  readonly hostPageMakeNs: number;
  readonly maps: number;
  readonly tablesAllocated: number;
  readonly tablesFreed: number;
}

/** Where it stands now. */
export function markNow(
  { slowestAccesses: accesses, furthestAccesses: furthest, slowestUnits: units, nowNs }: Progress,
  accounts: FaultAccounts,
  { lockWaitNs, hostPageWaitNs, hostPageMakeNs, maps, tablesAllocated, tablesFreed }: StageCounters,
): Mark {
  const waits = { lockWaitNs, hostPageWaitNs, hostPageMakeNs };
  return {
    accesses,
    furthest,
    units,
    nowNs,
    accounts: accounts.combined(),
    ...waits,
    maps,
    tablesAllocated,
    tablesFreed,
  };
}
