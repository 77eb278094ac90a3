/**
 * Pages that an operation has taken out of the guest's reach and not yet given back: what the invalid windows are made of.
 */
import type { EntryId } from '@s2bench/core';
import type { Ipa } from '@s2bench/core/stage2';
import type { StageCounters } from './counters.ts';

const FIRST_ROOM = 64;
/** In the place of an entry whose window was closed. */
const CLOSED = -1;

/**
 * The entries that were cleared since the operation began. A teardown clears hundreds of thousands one by one, so they are
 * columns of numbers, which are kept from one operation to the next.
 */
export class OpenWindows {
  #entries = new Float64Array(FIRST_ROOM);
  #addresses = new Float64Array(FIRST_ROOM);
  #pages = new Float64Array(FIRST_ROOM);
  #sinceNs = new Float64Array(FIRST_ROOM);
  #count = 0;
  #open = 0;
  /** Behind the one that was closed last: what is broken in order is often made again in that order. */
  #next = 0;

  /** An entry was cleared, below which so many pages were mapped. Where there were none, nobody misses anything. */
  open(entry: EntryId, address: Ipa, pages: number, nowNs: number): void {
    if (pages === 0) return;
    if (this.#count === this.#entries.length) this.#grow();
    const index = this.#count++;
    this.#entries[index] = entry;
    this.#addresses[index] = address;
    this.#pages[index] = pages;
    this.#sinceNs[index] = nowNs;
    this.#open++;
  }

  /** A valid entry stands where one was cleared. */
  closeEntry(entry: EntryId, nowNs: number, counters: StageCounters): void {
    if (this.#open === 0) return;
    const index = this.#entries[this.#next] === entry ? this.#next : this.#entries.lastIndexOf(entry, this.#count - 1);
    if (index < 0 || index >= this.#count) return;
    const ns = nowNs - (this.#sinceNs[index] ?? nowNs);
    counters.windowClosed(ns, ns * this.#close(index));
  }

  /** A block stands: all its pages are back, whether its own entry was cleared or one below it. */
  closeBlock(entry: EntryId, address: Ipa, sizeBytes: number, nowNs: number, counters: StageCounters): void {
    if (this.#open === 0) return;
    let longestNs = -1;
    let pageNs = 0;
    for (let index = 0; index < this.#count; index++) {
      const own = this.#entries[index] ?? CLOSED;
      const at = this.#addresses[index] ?? 0;
      if (own === CLOSED || (own !== entry && !(at >= address && at < address + sizeBytes))) continue;
      const ns = nowNs - (this.#sinceNs[index] ?? nowNs);
      if (ns > longestNs) longestNs = ns;
      pageNs += ns * this.#close(index);
    }
    if (longestNs >= 0) counters.windowClosed(longestNs, pageNs);
  }

  /** The operation has ended: what is still out of reach was unmapped, or is left to later faults. */
  forget(): void {
    this.#count = 0;
    this.#open = 0;
    this.#next = 0;
  }

  /** Closes a window and gives its pages. */
  #close(index: number): number {
    this.#entries[index] = CLOSED;
    this.#next = index + 1;
    this.#open--;
    if (this.#open === 0) this.forget();
    return this.#pages[index] ?? 0;
  }

  #grow(): void {
    const room = 2 * this.#entries.length;
    this.#entries = widened(this.#entries, room);
    this.#addresses = widened(this.#addresses, room);
    this.#pages = widened(this.#pages, room);
    this.#sinceNs = widened(this.#sinceNs, room);
  }
}

function widened(column: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(room);
  wide.set(column);
  return wide;
}
