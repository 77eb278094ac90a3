/** Listens to the stage-2 code and writes down, as micro-operations, what other agents can see of it. */
import type { Stage2Table } from '@s2bench/core/stage2';
import { IgnoreEffects } from '@s2bench/core/stage2';
import { int32At, uint32At } from '@s2bench/core/stage2';
import { VerifyError } from '../errors.ts';
import type { RawActions } from '../raw-actions.ts';
import type { CountMistake, MicroOp } from './micro-op.ts';

/** A TLBI by range names no level. */
const NO_HINT = 0;
/** More effects than any operation of a small world has. */
const MOST_EFFECTS = 20_000;

/** A range of host memory that the host stored to. */
export interface HostWrite {
  readonly pa: number;
  readonly sizeBytes: number;
}

/**
 * Records one section after the other.
 *
 * What was stored is found by comparing the table with a copy at each effect, not by believing the effect: an effect
 * comes after its stores, so they stand in the record where they were made, also where an effect were missing.
 */
export class SectionRecorder extends IgnoreEffects {
  ops: MicroOp[] = [];
  mistakes: CountMistake[] = [];
  hostWrites: HostWrite[] = [];
  /** Slots of live table pages, and freed ones in the order in which they are used again. */
  readonly live = new Set<number>();
  readonly freeSlots: number[] = [];
  /** The table has been walked, or acted on. */
  touchedTable = false;

  #table: Stage2Table | undefined;
  #words = new Uint32Array(0);
  #referencesAtDrop: Int32Array = new Int32Array(0);
  #effects = 0;
  #alter: Parameters<RawActions['alterNext']>[0] | undefined;

  /** Begins to listen. The table's own pages at that moment are the root's. */
  attach(table: Stage2Table): void {
    this.#table = table;
    this.#words = table.arena.words.slice();
    for (const slot of table.arena.liveSlots()) this.live.add(slot);
  }

  /** Forgets what was recorded; what is known of the table stays. */
  restart(): void {
    this.ops = [];
    this.mistakes = [];
    this.hostWrites = [];
    this.#effects = 0;
    this.#alter = undefined;
  }

  /** Takes up stores that no effect followed. */
  finish(): void {
    this.#stores();
  }

  /** Does and records what is done past the contract. */
  readonly raw: RawActions = {
    barrier: (kind) => this.#record({ do: 'barrier', kind }),
    tlbiVmid: () => this.#record({ do: 'tlbi-vmid' }),
    tlbiIpa: (ipa, level) => this.#record({ do: 'tlbi-ipa', ipa, pages: 1, level }),
    tlbiStage1: () => this.#record({ do: 'tlbi-stage1' }),
    clean: (pa, sizeBytes) => this.dcacheClean(pa, sizeBytes),
    discard: (pa, sizeBytes) => this.#record({ do: 'discard', pa, sizeBytes }),
    invalidateIcache: (pa, sizeBytes) => this.icacheInvalidate(pa, sizeBytes),
    load: (entry) => {
      const { words } = this.#tableOf().arena;
      return [uint32At(words, 2 * entry), uint32At(words, 2 * entry + 1)];
    },
    alterNext: (change) => {
      this.#alter = change;
    },
    store: (entry, low, high) => {
      this.#write(entry, low, high);
      this.#stores();
    },
  };

  override descriptorsRead(): void {
    this.touchedTable = true;
    this.#stores();
  }

  override entryInvalidated(): void {
    this.#stores();
  }

  override leafInstalled(entry: number): void {
    if (this.#alter !== undefined) {
      this.#write(entry, ...this.#alter(...this.raw.load(entry)));
      this.#alter = undefined;
    }
    this.#stores();
  }

  override tableInstalled(): void {
    this.#stores();
  }

  override leavesChanged(): void {
    this.#stores();
  }

  override tlbiVmid(): void {
    this.#record({ do: 'barrier', kind: 'ishst' }, { do: 'tlbi-vmid' }, { do: 'barrier', kind: 'ish' });
  }

  override tlbiIpa(ipa: number, level: number): void {
    this.#flush(ipa, 1, level);
  }

  override tlbiIpaLocal(): void {
    throw new VerifyError('a TLBI that one core does for itself alone is not explored yet; use a kernel model without');
  }

  override tlbiRange(ipa = 0, pages = 0): void {
    this.#flush(ipa, pages, NO_HINT);
  }

  override entryLocked(): void {
    this.#stores();
  }

  override entriesBuilt(): void {
    this.#stores();
  }

  override dcacheClean(pa: number, sizeBytes: number): void {
    // The loop over the lines ends with a barrier for the full system, which orders everything before it.
    this.#record({ do: 'clean', pa, sizeBytes }, { do: 'barrier', kind: 'ish' });
  }

  override icacheInvalidate(pa: number, sizeBytes: number): void {
    this.#record({ do: 'icache', pa, sizeBytes }, { do: 'barrier', kind: 'ish' });
  }

  override hostWrote(pa: number, sizeBytes: number): void {
    this.hostWrites.push({ pa, sizeBytes });
  }

  override tableAllocated(serial: number): void {
    const table = this.#tableOf();
    const slot = table.arena.slotOfSerial(serial);
    this.live.add(slot);
    const used = this.freeSlots.lastIndexOf(slot);
    if (used >= 0) this.freeSlots.splice(used, 1);
    const { arena } = table;
    this.#record({ do: 'alloc', slot, serial, level: arena.levelOf(slot), base: arena.baseOf(slot) });
  }

  override tableFreed(serial: number): void {
    const { arena } = this.#tableOf();
    const slot = arena.slotOfSerial(serial);
    if (!this.#isSlot(slot)) {
      this.#mistake('something is freed that is no table page');
      return;
    }
    // What becomes of the page's words is no store of the stage-2 code.
    this.#growTo(arena.words.length);
    const from = slot * arena.entriesPerTable * 2;
    this.#words.fill(0, from, from + arena.entriesPerTable * 2);
    if (!this.live.delete(slot)) this.#mistake(`table page ${serial} is freed twice`);
    else {
      const left = slot < this.#referencesAtDrop.length ? int32At(this.#referencesAtDrop, slot) : 0;
      if (left !== 0)
        this.#mistake(`table page ${serial} is freed with a count of ${left + 1}, its own reference included`);
    }
    this.freeSlots.push(slot);
    this.#record({ do: 'free', slot });
  }

  override referencesDropped(): void {
    this.#stores();
    const { arena } = this.#tableOf();
    this.#referencesAtDrop = arena.refcounts.slice();
    for (const slot of this.live) {
      const count = int32At(arena.refcounts, slot);
      if (count < 0) this.#mistake(`table page ${arena.serialOf(slot)} has a count of ${count}`);
    }
  }

  #flush(ipa: number, pages: number, level: number): void {
    this.#record(
      { do: 'barrier', kind: 'ishst' },
      { do: 'tlbi-ipa', ipa, pages, level },
      { do: 'barrier', kind: 'ish' },
      { do: 'tlbi-stage1' },
      { do: 'barrier', kind: 'ish' },
    );
  }

  #record(...ops: readonly MicroOp[]): void {
    this.#stores();
    this.touchedTable ||= ops.some((op) => op.do !== 'clean' && op.do !== 'icache' && op.do !== 'barrier');
    this.ops.push(...ops);
  }

  #mistake(text: string): void {
    this.mistakes.push({ at: this.ops.length, text });
  }

  /** The words of what was no table pointer lead to no slot. */
  #isSlot(slot: number | undefined): boolean {
    return slot !== undefined && (this.live.has(slot) || this.freeSlots.includes(slot));
  }

  #write(entry: number, low: number, high: number): void {
    const { words } = this.#tableOf().arena;
    words[2 * entry] = low;
    words[2 * entry + 1] = high;
  }

  #stores(): void {
    if (++this.#effects > MOST_EFFECTS) {
      throw new VerifyError(`an operation on the table has more than ${MOST_EFFECTS} effects: it does not end`);
    }
    const { words } = this.#tableOf().arena;
    this.#growTo(words.length);
    for (let entry = 0; 2 * entry < words.length; entry++) {
      const low = uint32At(words, 2 * entry);
      const high = uint32At(words, 2 * entry + 1);
      if (low === uint32At(this.#words, 2 * entry) && high === uint32At(this.#words, 2 * entry + 1)) continue;
      this.#words[2 * entry] = low;
      this.#words[2 * entry + 1] = high;
      this.ops.push({ do: 'write', entry, low, high });
      this.touchedTable = true;
    }
  }

  #growTo(length: number): void {
    if (this.#words.length >= length) return;
    const words = new Uint32Array(length);
    words.set(this.#words);
    this.#words = words;
  }

  #tableOf(): Stage2Table {
    if (this.#table === undefined) throw new Error('the recorder was not attached to a table');
    return this.#table;
  }
}
