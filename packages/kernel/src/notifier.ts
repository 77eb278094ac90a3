/** The MMU notifier's bookkeeping: what tells a fault that the host changed its mappings meanwhile. */

/** Sequence and count as in `struct kvm`; both change under mmu_lock only. */
export class MmuNotifier {
  #sequence = 0;
  #inProgress = 0;

  copyFrom(other: MmuNotifier): void {
    this.#sequence = other.#sequence;
    this.#inProgress = other.#inProgress;
  }

  /** Read before a host page is pinned, without the lock. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The host begins to take a range away. */
  start(): void {
    this.#inProgress++;
  }

  /** The host has taken the range away. */
  end(): void {
    this.#sequence++;
    this.#inProgress--;
  }

  /** Whether a page that was pinned after `sequence` was read may be gone: the fault has to be taken again. */
  mustRetry(sequence: number): boolean {
    return this.#inProgress > 0 || this.#sequence !== sequence;
  }
}
