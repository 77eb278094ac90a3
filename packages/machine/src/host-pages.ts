/** Host pages that are being zeroed or copied: whoever wants one of them waits until it is ready. */
import type { Pa } from '@s2bench/core/stage2';

/** Ranges of physical memory that the host is writing, with the time at which it is done. */
export class BusyHostPages {
  #ranges: { start: Pa; end: Pa; readyNs: number }[] = [];

  /** The host writes a range until `readyNs`. */
  occupy(start: Pa, sizeBytes: number, readyNs: number): void {
    this.#ranges.push({ start, end: start + sizeBytes, readyNs });
  }

  /** When a page can be used by one who asks at `nowNs`. */
  readyAt(address: Pa, nowNs: number): number {
    let readyNs = nowNs;
    for (const range of this.#ranges) {
      if (address >= range.start && address < range.end && range.readyNs > readyNs) readyNs = range.readyNs;
    }
    return readyNs;
  }

  /** Forgets what was ready at a time before which nobody asks any more: vCPUs in the host run ahead of the clock. */
  forget(nowNs: number): void {
    if (this.#ranges.length > 0) this.#ranges = this.#ranges.filter((range) => range.readyNs > nowNs);
  }
}
