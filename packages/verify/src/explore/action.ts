/** What an agent does in one step of an exploration. */

/** A guest access completes. */
export const ACCESS = 0;
/** A guest access aborts to the hypervisor. */
export const ABORT = 1;
/** A phase of a fault that needs no lock. */
export const UNLOCKED = 2;
/** mmu_lock is taken. */
export const LOCK = 3;
/** The stage-2 code goes on to the next moment. */
export const KERNEL = 4;
/** The operation returns, and the lock is free. */
export const RETURN = 5;
/** A step of the host without the lock. */
export const HOST = 6;

/** What a vCPU waited for has happened. */
export const WAIT = 7;

/** A CPU's walker or TLB acts; only where hardware is followed CPU by CPU. */
export const WALK = 8;

/** Hardware writes back a dirty cache line. */
export const WRITE_BACK = 9;

/** One of the above. */
export type ActionKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** Takes what an expansion finds. All numbers: it is called for every transition. */
export interface TransitionSink {
  /**
   * A state that one step leads to, in the expander's `next`.
   *
   * @param agent - a vCPU's number; the host comes after the last, then the caches
   * @param detail - of an access or an abort: its alternative in the step
   */
  reached(agent: number, kind: ActionKind, detail: number): void;
  /** A step that breaks a rule. */
  broken(agent: number, kind: ActionKind, detail: number, rule: string, text: string): void;
}
