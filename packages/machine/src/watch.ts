/** Who listens to what a machine's actors do beside their effects: for a timeline. Nothing that it hears changes a time. */
import { StageCounters } from './counters.ts';

/** What an actor does, as a timeline tells it apart. */
export type WatchedState =
  /** A vCPU runs its guest. */
  | 'guest'
  /** It is in the host without mmu_lock. */
  | 'host'
  /** It has asked for mmu_lock, or waits for faults that hold an old memslot, and has not begun what comes then. */
  | 'waiting'
  /** It does what is done under mmu_lock. */
  | 'locked'
  | 'done';

/** Hears what goes on while guests run in time. Agents are vCPUs by their number, and the host after the last of them. */
export interface MachineWatch {
  /** An agent goes over to a state, or begins the next section in the same one. */
  became(agent: number, state: WatchedState, nowNs: number): void;
  /** The fault of a vCPU is over; it was raised at `sinceNs`. */
  faultEnded(agent: number, sinceNs: number, nowNs: number): void;
  /** Pages are back in the guest's reach: what the result counts as one invalid window, now at its end. */
  windowClosed(durationNs: number): void;
}

/** Counters whose windows are watched. */
export class WatchedCounters extends StageCounters {
  readonly #watch: MachineWatch;

  constructor(watch: MachineWatch) {
    super();
    this.#watch = watch;
  }

  override windowClosed(durationNs: number, pageNs: number): void {
    super.windowClosed(durationNs, pageNs);
    this.#watch.windowClosed(durationNs);
  }
}
