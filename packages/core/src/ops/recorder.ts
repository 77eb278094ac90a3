/** Records effects as the text events of the vectors, with counts, a hash, and what a probe saw. */
import type { EffectSink } from '../effects.ts';

/** The kinds of events in the order in which counts are written. N, R, C, U, Q and W never occur in these models. */
export const EVENT_KINDS = ['V', 'I', 'N', 'R', 'D', 'C', 'A', 'F', 'U', 'Q', 'G', 'P', 'W'] as const;
/** V: TLBI of the VMID. I: by IPA. D, C: D-cache, I-cache. A, F: table page allocated, freed. G, P: get, put. */
export type EventKind = (typeof EVENT_KINDS)[number];

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

const NEWLINE = 10;
/** Character codes of what events are written with. */
const CODES = { V: 86, I: 73, D: 68, C: 67, A: 65, F: 70, blank: 32, zero: 48, x: 120, a: 97 } as const;

/** Counts by kind, all zero. */
export function noEvents(): Record<EventKind, number> {
  return { V: 0, I: 0, N: 0, R: 0, D: 0, C: 0, A: 0, F: 0, U: 0, Q: 0, G: 0, P: 0, W: 0 };
}

/** A sink that writes events down. */
export class EventRecorder implements EffectSink {
  /** Events of the op in progress. */
  counts = noEvents();
  /** Events since the script began. */
  readonly totals = noEvents();
  /** The first events of the op as text: `keep` at most. */
  events: string[] = [];
  /** Events of the op that have a text: all but G and P. */
  textEvents = 0;
  cleanedBytes = 0;
  invalidatedBytes = 0;
  /** Events of the op while a probe was set, and those among them at which the probed address was untranslated. */
  probed = 0;
  probedUntranslated = 0;

  /** Asks whether the probed address translates; `undefined` without a probe. */
  probe: (() => boolean) | undefined;

  readonly #keep: number;
  #hash = FNV_OFFSET;

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** FNV-1a over each event's text and a newline, as 8 hex digits. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  /** Starts the next op. */
  reset(): void {
    this.counts = noEvents();
    this.events = [];
    this.textEvents = 0;
    this.cleanedBytes = 0;
    this.invalidatedBytes = 0;
    this.probed = 0;
    this.probedUntranslated = 0;
    this.#hash = FNV_OFFSET;
  }

  // Writes are no events of the vectors; their consequences are.
  descriptorsRead(): void {}
  entryInvalidated(): void {}
  leafInstalled(): void {}
  tableInstalled(): void {}
  leavesChanged(): void {}
  // A script drives the stage-2 code alone: no abort handler, no host.
  guestExited(): void {}
  hostPagePinned(): void {}
  hostPageFaulted(): void {}
  hostWrote(): void {}
  dirtyMarked(): void {}
  guestEntered(): void {}

  tlbiVmid(): void {
    this.#hashByte(CODES.V);
    this.#finish('V', () => 'V');
  }

  tlbiIpa(address: number, level: number): void {
    this.#hashByte(CODES.I);
    this.#hashHex(address);
    this.#hashDecimal(level);
    this.#finish('I', () => `I ${hex(address)} ${level}`);
  }

  dcacheClean(address: number, sizeBytes: number): void {
    this.cleanedBytes += sizeBytes;
    this.#hashByte(CODES.D);
    this.#hashHex(address);
    this.#hashHex(sizeBytes);
    this.#finish('D', () => `D ${hex(address)} ${hex(sizeBytes)}`);
  }

  icacheInvalidate(address: number, sizeBytes: number): void {
    this.invalidatedBytes += sizeBytes;
    this.#hashByte(CODES.C);
    this.#hashHex(address);
    this.#hashHex(sizeBytes);
    this.#finish('C', () => `C ${hex(address)} ${hex(sizeBytes)}`);
  }

  tableAllocated(serial: number): void {
    this.#hashByte(CODES.A);
    this.#hashDecimal(serial);
    this.#finish('A', () => `A ${serial}`);
  }

  tableFreed(serial: number): void {
    this.#hashByte(CODES.F);
    this.#hashDecimal(serial);
    this.#finish('F', () => `F ${serial}`);
  }

  referencesTaken(count: number): void {
    this.#count('G', count);
  }

  referencesDropped(count: number): void {
    this.#count('P', count);
  }

  /** Ends an event whose bytes were hashed. The text is made only where it is kept: scripts have millions of events. */
  #finish(kind: EventKind, text: () => string): void {
    this.#hashByte(NEWLINE);
    this.#count(kind, 1);
    if (this.textEvents++ < this.#keep) this.events.push(text());
  }

  #count(kind: EventKind, count: number): void {
    this.counts[kind] += count;
    this.totals[kind] += count;
    if (this.probe === undefined) return;
    this.probed += count;
    if (!this.probe()) this.probedUntranslated += count;
  }

  /** Hashes " 0x" and the digits of a number up to 2^53. */
  #hashHex(value: number): void {
    this.#hashByte(CODES.blank);
    this.#hashByte(CODES.zero);
    this.#hashByte(CODES.x);
    const high = Math.floor(value / 2 ** 32);
    if (high > 0) {
      this.#hashDigits(high, 28 - (Math.clz32(high) & ~3));
      this.#hashDigits(value | 0, 28);
    } else this.#hashDigits(value | 0, value === 0 ? 0 : 28 - (Math.clz32(value) & ~3));
  }

  #hashDigits(word: number, firstShift: number): void {
    for (let shift = firstShift; shift >= 0; shift -= 4) {
      const digit = (word >>> shift) & 0xf;
      this.#hashByte(digit < 10 ? CODES.zero + digit : CODES.a + digit - 10);
    }
  }

  /** Hashes a blank and the digits of a serial or a level. */
  #hashDecimal(value: number): void {
    this.#hashByte(CODES.blank);
    let divisor = 1;
    while (value >= divisor * 10) divisor *= 10;
    for (; divisor >= 1; divisor /= 10) this.#hashByte(CODES.zero + (Math.floor(value / divisor) % 10));
  }

  #hashByte(byte: number): void {
    this.#hash = Math.imul(this.#hash ^ byte, FNV_PRIME);
  }
}

/** A number as the vectors write addresses and sizes. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
