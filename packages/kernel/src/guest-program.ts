/** What a guest does, as a workload describes it and a machine runs it. */
import type { Ipa } from '@s2bench/core/stage2';

/** A strided loop of a guest: `count` accesses of 8 bytes, `strideBytes` apart. Filled in place: one object a vCPU. */
export interface AccessRun {
  startIpa: Ipa;
  count: number;
  strideBytes: number;
  write: boolean;
}

/** What one vCPU does: one strided loop after the other. */
export interface GuestProgram {
  /** Fills in the next loop; `false` when the program is done. Allocates nothing. */
  next(run: AccessRun): boolean;
}
