/**
 * Stores of sections that share mmu_lock. Such a section runs in one call, on a clock of its own that is ahead of everybody
 * else's. So what it stores is taken back when it has ended, and waits here with the time at which it becomes visible.
 *
 * A section that runs meanwhile sees of the others what is due on its own clock. An exchange of an entry that a section which
 * began earlier still changes is lost, also where it would have come first: that section has run and cannot lose any more.
 */
import type { Ipa, Pa, Stage2Table, StoreJournal } from '@s2bench/core/stage2';
import type { Timeline } from './machine-effects.ts';
import type { Flush } from './tlbs.ts';

/** What becomes visible. */
const STORE = 0;
const TOOK_AWAY = 1;
const CLEANED = 2;
const FLUSHED = 3;

const FIRST_ROOM = 256;

/** Told of what becomes visible, at its time. */
export interface DueWatch {
  /** Translations of `[address, address + sizeBytes)` are gone, or others. */
  tookAway(address: Ipa, sizeBytes: number): void;
  cleaned(address: Pa, sizeBytes: number): void;
  /** A TLBI that all cores hear of is complete. */
  flushed(flush: Flush, address: Ipa, sizeBytes: number): void;
}

/** Records in order, as columns that are kept: what becomes visible, when, and its numbers. */
class Records {
  count = 0;
  timesNs = new Float64Array(FIRST_ROOM);
  kinds = new Uint8Array(FIRST_ROOM);
  /** Of a store the entry, else the address. */
  wheres = new Float64Array(FIRST_ROOM);
  /** Of a store the entry's low word, else the size in bytes; 0 for a TLBI of the whole VMID. */
  lows = new Float64Array(FIRST_ROOM);
  highs = new Float64Array(FIRST_ROOM);

  add(kind: number, timeNs: number, where: number, low: number, high: number): void {
    if (this.count === this.kinds.length) this.#grow();
    this.#set(this.count++, kind, timeNs, where, low, high);
  }

  /** Puts a record behind all that are due no later, of those from an index on. */
  insert(first: number, kind: number, timeNs: number, where: number, low: number, high: number): void {
    if (this.count === this.kinds.length) this.#grow();
    let at = this.count;
    while (at > first && (this.timesNs[at - 1] ?? 0) > timeNs) at--;
    // Most come last: then nothing moves.
    if (at < this.count) for (const column of this.#columns()) column.copyWithin(at + 1, at, this.count);
    this.#set(at, kind, timeNs, where, low, high);
    this.count++;
  }

  /** Forgets the first records. */
  drop(records: number): void {
    for (const column of this.#columns()) column.copyWithin(0, records, this.count);
    this.count -= records;
  }

  #set(at: number, kind: number, timeNs: number, where: number, low: number, high: number): void {
    this.kinds[at] = kind;
    this.timesNs[at] = timeNs;
    this.wheres[at] = where;
    this.lows[at] = low;
    this.highs[at] = high;
  }

  #columns(): (Float64Array | Uint8Array)[] {
    return [this.timesNs, this.kinds, this.wheres, this.lows, this.highs];
  }

  #grow(): void {
    const room = 2 * this.kinds.length;
    const wide = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const wider = new Float64Array(room);
      wider.set(column);
      return wider;
    };
    this.timesNs = wide(this.timesNs);
    this.wheres = wide(this.wheres);
    this.lows = wide(this.lows);
    this.highs = wide(this.highs);
    const kinds = new Uint8Array(room);
    kinds.set(this.kinds);
    this.kinds = kinds;
  }
}

/** Records that were done are dropped together, since those behind them move up. */
const MOST_DONE = 512;

/** The table as it is at the clock, and what is due later. */
export class DatedStores implements StoreJournal, Timeline {
  /** The section's own time. */
  nowNs = 0;
  /** What has become visible to all so far. */
  madeVisible = 0;
  readonly #table: Stage2Table;
  /** What waits, in the order in which it is due; those before `#done` are visible. */
  readonly #waiting = new Records();
  #done = 0;
  /** What the section that runs has done itself. Of its stores the words are known when it has ended. */
  readonly #own = new Records();
  /** What stood where something was stored since it began: of its own stores, and of others' that became due on its clock. */
  readonly #undo = new Records();
  /** Those of the waiting that are visible to it. */
  #visible = 0;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  /** When something becomes visible next. */
  get nextNs(): number {
    return this.#done === this.#waiting.count ? Infinity : (this.#waiting.timesNs[this.#done] ?? Infinity);
  }

  /** Makes visible what is due next. */
  makeNextVisible(watch: DueWatch): void {
    const { kinds, wheres, lows, highs } = this.#waiting;
    const at = this.#done++;
    this.madeVisible++;
    const [where, low] = [wheres[at] ?? 0, lows[at] ?? 0];
    if (kinds[at] === STORE) this.#table.restore(where, low, highs[at] ?? 0);
    else if (kinds[at] === TOOK_AWAY) watch.tookAway(where, low);
    else if (kinds[at] === CLEANED) watch.cleaned(where, low);
    else watch.flushed(low > 0 ? 'stage-2' : 'vmid', where, low);
    if (this.#done === this.#waiting.count) {
      this.#waiting.count = 0;
      this.#done = 0;
    } else if (this.#done === MOST_DONE) {
      this.#waiting.drop(this.#done);
      this.#done = 0;
    }
  }

  /** A section begins. All that was due until then is visible. */
  begin(nowNs: number): void {
    this.nowNs = nowNs;
    this.#visible = this.#done;
    this.#table.journal = this;
  }

  /** The section's clock has moved: what others have stored until then, it sees. */
  passed(): void {
    const { count, kinds, timesNs, wheres, lows, highs } = this.#waiting;
    while (this.#visible < count && (timesNs[this.#visible] ?? 0) <= this.nowNs) {
      const at = this.#visible++;
      if (kinds[at] !== STORE) continue;
      const entry = wheres[at] ?? 0;
      this.#undo.add(STORE, 0, entry, this.#table.low(entry), this.#table.high(entry));
      this.#table.restore(entry, lows[at] ?? 0, highs[at] ?? 0);
    }
  }

  storing(entry: number): void {
    this.#undo.add(STORE, this.#own.count + 1, entry, this.#table.low(entry), this.#table.high(entry));
    this.#own.add(STORE, this.nowNs, entry, 0, 0);
  }

  isTaken(entry: number): boolean {
    const { count, kinds, wheres } = this.#waiting;
    for (let at = this.#visible; at < count; at++) {
      if (wheres[at] === entry && kinds[at] === STORE) return true;
    }
    return false;
  }

  tookAway(address: Ipa, sizeBytes: number): void {
    this.#own.add(TOOK_AWAY, this.nowNs, address, sizeBytes, 0);
  }

  flushed(flush: Flush, address: Ipa, sizeBytes: number): void {
    this.#own.add(FLUSHED, this.nowNs, address, flush === 'vmid' ? 0 : sizeBytes, 0);
  }

  /** What they change, they change later. */
  cachesChange(): void {}

  cleanedLater(address: Pa, sizeBytes: number): void {
    this.#own.add(CLEANED, this.nowNs, address, sizeBytes, 0);
  }

  /** The section has ended: the table is again as it was when it began, and what it has done waits to become visible. */
  end(): void {
    const table = this.#table;
    table.journal = undefined;
    const undo = this.#undo;
    const own = this.#own;
    for (let at = undo.count - 1; at >= 0; at--) {
      const entry = undo.wheres[at] ?? 0;
      // Where its time is not 0 it is the place of one of the section's own stores, which is known by now.
      const place = (undo.timesNs[at] ?? 0) - 1;
      if (place >= 0) {
        own.lows[place] = table.low(entry);
        own.highs[place] = table.high(entry);
      }
      table.restore(entry, undo.lows[at] ?? 0, undo.highs[at] ?? 0);
    }
    undo.count = 0;
    for (let at = 0; at < own.count; at++) {
      const { kinds, timesNs, wheres, lows, highs } = own;
      this.#waiting.insert(
        this.#done,
        kinds[at] ?? 0,
        timesNs[at] ?? 0,
        wheres[at] ?? 0,
        lows[at] ?? 0,
        highs[at] ?? 0,
      );
    }
    own.count = 0;
  }
}
