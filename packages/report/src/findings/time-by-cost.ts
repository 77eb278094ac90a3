/** What the time of a stage goes into, as shares of the time that vCPUs and host spend in it. */
import type { StageResult } from '../schema.ts';

/** A share of a stage's time. */
export interface TimeShare {
  /** The name of a cost of the profile, or one of {@link WAITS}. */
  readonly what: string;
  /** Of the time of everybody, from 0 to 1. */
  readonly share: number;
}

/** What is waited for: no cost of the profile. */
export const WAITS = { lock: 'wait for mmu_lock', hostPage: 'wait for a host page' } as const;

/** What taking mmu_lock itself costs, which its wait has in it as the schema says. */
const IN_LOCK_WAIT = ['lockAcquire', 'readAcquire', 'lockHandover'] as const;

/** All shares of a stage, the largest first; none where the document does not say what was charged. */
export function timeShares({ chargedNs, lockWaitNs, hostPageWaitNs = 0 }: StageResult): readonly TimeShare[] {
  if (chargedNs === undefined) return [];
  const taking = IN_LOCK_WAIT.reduce((sum, name) => sum + (chargedNs[name] ?? 0), 0);
  const spent: readonly (readonly [string, number])[] = [
    ...Object.entries(chargedNs),
    [WAITS.lock, Math.max(0, lockWaitNs - taking)],
    [WAITS.hostPage, hostPageWaitNs],
  ];
  const total = spent.reduce((sum, [, ns]) => sum + ns, 0);
  if (total === 0) return [];
  return spent
    .map(([what, ns]) => ({ what, share: ns / total }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}
