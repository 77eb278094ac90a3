/** What runs under mmu_lock, as a value. */
import type { FaultRecord } from './fault-record.ts';

/** One lock section. */
export type Operation =
  /** A phase of the abort handler. `stale`: the notifier's sequence has changed since the fault read it. */
  | { readonly do: 'fault'; readonly fault: FaultRecord; readonly stale: boolean }
  | { readonly do: 'notifier-start'; readonly offset: number; readonly sizeBytes: number }
  | { readonly do: 'notifier-end' }
  /** Logging was switched on: the slot is write-protected. */
  | { readonly do: 'write-protect' }
  /** The dirty bitmap is read and cleared; a bit per page of the slot. */
  | { readonly do: 'collect'; readonly dirtyPages: number }
  | { readonly do: 'move'; readonly baseIpa: number };
