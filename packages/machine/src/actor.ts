/** Who acts in simulated time and may wait for mmu_lock: a vCPU, or the host. */

/** What an actor is doing. */
export type ActorState =
  /** A vCPU runs its loop over mappings that hit. */
  | 'guest'
  /** Works in the host without mmu_lock, until {@link Actor.readyNs}. */
  | 'host'
  /** Waits for mmu_lock, or for faults that hold an old memslot. */
  | 'waiting'
  /** Has mmu_lock from {@link Actor.readyNs} on. */
  | 'granted'
  /** Does what is done under mmu_lock; where it shares the lock, until {@link Actor.readyNs}. */
  | 'locked'
  /** Gives back the mmu_lock that it shares, until {@link Actor.readyNs}. */
  | 'leaving'
  | 'done';

/** An actor, as the lock and the scheduler know it. */
export interface Actor {
  state: ActorState;
  /** When a `host` or `granted` phase ends, or a section that shares the lock. */
  readyNs: number;
  lockRequestedNs: number;
  /** It was handed mmu_lock by whoever held it, instead of finding it free. */
  handedOver: boolean;
  /** It asked for mmu_lock beside others, not alone. */
  sharesLock: boolean;
  /** What it asked for is the read side of the lock, also where nobody is there to share it with. */
  readsLock: boolean;
  /** What it spent at the line of the lock's counter when it came to share the lock. */
  lineNs: number;
}
