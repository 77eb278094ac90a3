/** Host pages that are being zeroed or copied: whoever wants one of them waits until it is ready. */
import type { Pa } from '@s2bench/core';

/** Ranges of physical memory that the host is writing, with the time at which it is done. */
export class BusyHostPages {
  #ranges: { start: Pa; end: Pa; readyNs: number }[] = [];

  /** The host writes a range until `readyNs`. */
  occupy(start: Pa, sizeBytes: number, readyNs: number): void {
    this.#ranges.push({ start, end: start + sizeBytes, readyNs });
  }

  /** When a page can be used by one who asks at `nowNs`. */
  readyAt(address: Pa, nowNs: number): number {
    if (this.#ranges.length === 0) return nowNs;
    this.#ranges = this.#ranges.filter((range) => range.readyNs > nowNs);
    let readyNs = nowNs;
    for (const range of this.#ranges) {
      if (address >= range.start && address < range.end && range.readyNs > readyNs) readyNs = range.readyNs;
    }
    return readyNs;
  }
}
