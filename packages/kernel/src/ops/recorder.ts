/** Records effects as the text events of the vectors, with counts, a hash, and what a probe saw. */
import { LEVEL_UNKNOWN } from '@s2bench/core';
import type { EffectSink } from '@s2bench/core/stage2';
import { float64At } from '@s2bench/core/stage2';
import { EMPTY_HASH, hashByte, hashDecimal, hashHex, hashText } from './event-hash.ts';

/** The kinds of events in the order in which counts are written. */
export const EVENT_KINDS = ['V', 'I', 'N', 'R', 'D', 'C', 'A', 'F', 'U', 'Q', 'G', 'P', 'W'] as const;
/**
 * V: TLBI of the VMID. I: by IPA. N: by IPA, of the own core alone. R: by range. D, C: D-cache, I-cache. A, F: table page
 * allocated, freed. U: unlinked, to be freed after a grace period, Q. G, P: get, put. W: a WARN.
 */
export type EventKind = (typeof EVENT_KINDS)[number];

/** Character codes of a newline and of the letters that events begin with. */
const NEWLINE = 10;
/** How a level is written that a TLBI does not give. */
const UNKNOWN = ' unk';
const CODE = { V: 86, I: 73, N: 78, R: 82, D: 68, C: 67, A: 65, F: 70, U: 85, Q: 81, W: 87 } as const;

/** Positions of the kinds in {@link EVENT_KINDS}: counting by name costs a look-up per event. */
const AT = { V: 0, I: 1, N: 2, R: 3, D: 4, C: 5, A: 6, F: 7, U: 8, Q: 9, G: 10, P: 11, W: 12 } as const;

/** Numbers of events by kind, in the order of {@link EVENT_KINDS}. */
export class EventCounts {
  readonly #counts = new Float64Array(EVENT_KINDS.length);

  add(position: number, count: number): void {
    this.#counts[position] = float64At(this.#counts, position) + count;
  }

  clear(): void {
    this.#counts.fill(0);
  }

  /** Kind and number, in order. */
  entries(): [EventKind, number][] {
    return EVENT_KINDS.map((kind, position) => [kind, float64At(this.#counts, position)]);
  }

  /** All kinds, zeros included. */
  toRecord(): Record<EventKind, number> {
    return Object.fromEntries(this.entries()) as Record<EventKind, number>;
  }
}

/** A sink that writes events down. */
export class EventRecorder implements EffectSink {
  /** Events of the op in progress. */
  readonly counts = new EventCounts();
  /** Events since the script began. */
  readonly totals = new EventCounts();
  /** The first events of the op as text: `keep` at most. */
  events: string[] = [];
  /** Events of the op that have a text: all but G and P. */
  textEvents = 0;
  cleanedBytes = 0;
  invalidatedBytes = 0;
  /** Events of the op while a probe was set, and those among them at which the probed address was untranslated. */
  probed = 0;
  probedUntranslated = 0;

  readonly #keep: number;
  readonly #namesUnknownLevel: boolean;
  #hash = EMPTY_HASH;
  #probe: (() => boolean) | undefined;
  /** What the probe said last; `undefined` when the table has changed since. */
  #translated: boolean | undefined;

  /**
   * @param keep - how many events of an op are kept as text
   * @param namesUnknownLevel - whether a TLBI without a level hint says so, and does not say level 0
   */
  constructor(keep: number, namesUnknownLevel = false) {
    this.#keep = keep;
    this.#namesUnknownLevel = namesUnknownLevel;
  }

  /** Sets what tells whether the probed address translates, or takes it away. */
  setProbe(probe: (() => boolean) | undefined): void {
    this.#probe = probe;
    this.#translated = undefined;
  }

  get hasProbe(): boolean {
    return this.#probe !== undefined;
  }

  /** FNV-1a over each event's text and a newline, as 8 hex digits. */
  get hash(): string {
    return hashText(this.#hash);
  }

  /** Starts the next op. */
  reset(): void {
    this.counts.clear();
    this.events = [];
    this.textEvents = 0;
    this.cleanedBytes = 0;
    this.invalidatedBytes = 0;
    this.probed = 0;
    this.probedUntranslated = 0;
    this.#hash = EMPTY_HASH;
  }

  // Writes are no events of the vectors; their consequences are. They decide what a probe sees.
  descriptorsRead(): void {}
  leavesChanged(): void {}

  entryInvalidated(): void {
    this.#translated = undefined;
  }

  leafInstalled(): void {
    this.#translated = undefined;
  }

  tableInstalled(): void {
    this.#translated = undefined;
  }

  entryLocked(): void {}
  entriesBuilt(): void {}

  // A script drives the stage-2 code alone: no abort handler, no host.
  guestExited(): void {}
  hostPagePinned(): void {}
  hostPageFaulted(): void {}
  hostWrote(): void {}
  dirtyMarked(): void {}
  memslotReplaced(): void {}
  guestEntered(): void {}

  tlbiVmid(): void {
    this.#finish(AT.V, hashByte(this.#hash, CODE.V), () => 'V');
  }

  tlbiIpa(address: number, level: number): void {
    this.#ipa(AT.I, CODE.I, 'I', address, level);
  }

  tlbiIpaLocal(address: number, level: number): void {
    this.#ipa(AT.N, CODE.N, 'N', address, level);
  }

  tlbiRange(address: number, pages: number): void {
    const hash = hashHex(hashHex(hashByte(this.#hash, CODE.R), address), pages);
    this.#finish(AT.R, hash, () => `R ${hex(address)} ${hex(pages)}`);
  }

  dcacheClean(address: number, sizeBytes: number): void {
    this.cleanedBytes += sizeBytes;
    const hash = hashHex(hashHex(hashByte(this.#hash, CODE.D), address), sizeBytes);
    this.#finish(AT.D, hash, () => `D ${hex(address)} ${hex(sizeBytes)}`);
  }

  icacheInvalidate(address: number, sizeBytes: number): void {
    this.invalidatedBytes += sizeBytes;
    const hash = hashHex(hashHex(hashByte(this.#hash, CODE.C), address), sizeBytes);
    this.#finish(AT.C, hash, () => `C ${hex(address)} ${hex(sizeBytes)}`);
  }

  tableAllocated(serial: number): void {
    this.#finish(AT.A, hashDecimal(hashByte(this.#hash, CODE.A), serial), () => `A ${serial}`);
  }

  tableUnlinked(serial: number, level: number): void {
    const hash = hashDecimal(hashDecimal(hashByte(this.#hash, CODE.U), serial), level);
    this.#finish(AT.U, hash, () => `U ${serial} ${level}`);
  }

  gracePeriodEnded(): void {
    this.#finish(AT.Q, hashByte(this.#hash, CODE.Q), () => 'Q');
  }

  /** A WARN of the kernel's: where its code finds what it does not expect. */
  warned(where: string): void {
    const text = `W ${where}`;
    let hash = this.#hash;
    for (let at = 0; at < text.length; at++) hash = hashByte(hash, text.charCodeAt(at));
    this.#finish(AT.W, hash, () => text);
  }

  tableFreed(serial: number): void {
    this.#finish(AT.F, hashDecimal(hashByte(this.#hash, CODE.F), serial), () => `F ${serial}`);
  }

  referencesTaken(count: number): void {
    this.#count(AT.G, count);
  }

  referencesDropped(count: number): void {
    this.#count(AT.P, count);
  }

  #ipa(position: number, code: number, kind: 'I' | 'N', address: number, level: number): void {
    const hash = hashHex(hashByte(this.#hash, code), address);
    if (level === LEVEL_UNKNOWN && this.#namesUnknownLevel) {
      let named = hash;
      for (let at = 0; at < UNKNOWN.length; at++) named = hashByte(named, UNKNOWN.charCodeAt(at));
      this.#finish(position, named, () => `${kind} ${hex(address)}${UNKNOWN}`);
    } else this.#finish(position, hashDecimal(hash, level), () => `${kind} ${hex(address)} ${level}`);
  }

  /** Ends an event. Its text is made only where it is kept: scripts have millions of events. */
  #finish(position: number, hash: number, text: () => string): void {
    this.#hash = hashByte(hash, NEWLINE);
    this.#count(position, 1);
    if (this.textEvents++ < this.#keep) this.events.push(text());
  }

  #count(position: number, count: number): void {
    this.counts.add(position, count);
    this.totals.add(position, count);
    if (this.#probe === undefined) return;
    this.probed += count;
    this.#translated ??= this.#probe();
    if (!this.#translated) this.probedUntranslated += count;
  }
}

/** A number as the vectors write addresses and sizes. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
