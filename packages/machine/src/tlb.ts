/**
 * What the TLBs of a vCPU hold: translations that it has used, least recently used ones first to go.
 *
 * A loop over a million pages leaves its last pages there, so they are kept as runs of entries at one distance, in the
 * order of their use, and not one by one. Runs of a loop are looked up, moved and dropped as a whole: what an LRU of
 * single entries would hold (`tlb.test.ts`), but that a loop which leaves out entries between those that it hits does not
 * renew these.
 *
 * An entry combines both stages. A TLBI of the VMID takes everything. After one by IPA or by range KVM sends a VMALLE1IS,
 * which takes what is combined with stage 1; what stays is where a guest page is in the host (an IPA cache, as in the L2
 * TLB of Neoverse N1), so that the walk of stage 1 is all that is paid again.
 */

/** What is kept of a translation that was used: both stages. */
export const HELD = 1;
/** Stage 2 alone. */
export const HELD_STAGE_2 = 2;

const FIRST_ROOM = 16;

/** TLBIs that all vCPUs hear of, so far. */
export interface Flushes {
  /** Of the VMID. */
  vmid: number;
  /** By IPA or range: each takes what is combined with stage 1. */
  stage1: number;
}

/** The TLBs of one vCPU. */
export class Tlb {
  readonly #capacity: number;
  readonly #flushes: Flushes;
  /** TLBIs that this one has heard of. */
  #vmid = 0;
  /** Those of its own core alone that took stage 1. */
  #localStage1 = 0;

  // Runs of entries, the one that was used last behind all others: each `count` entries of `bytes`, `steps` apart.
  #bases = new Float64Array(FIRST_ROOM);
  #steps = new Float64Array(FIRST_ROOM);
  #counts = new Float64Array(FIRST_ROOM);
  #bytes = new Float64Array(FIRST_ROOM);
  #writable = new Uint8Array(FIRST_ROOM);
  /** Flushes of stage 1 before they were used last. */
  #ages = new Float64Array(FIRST_ROOM);
  #runs = 0;
  #entries = 0;
  /** The run that was found last. */
  #found = -1;

  /** How {@link find} has found it: {@link HELD} or {@link HELD_STAGE_2}. */
  how = HELD;
  /** Whether it is known that what {@link find} has found may be written. */
  grantsWrites = false;

  /**
   * @param capacity - entries
   * @param flushes - those of the machine, which go on
   */
  constructor(capacity: number, flushes: Flushes) {
    this.#capacity = capacity;
    this.#flushes = flushes;
  }

  /** Entries that it holds. */
  get entries(): number {
    this.#hear();
    return this.#entries;
  }

  /** A TLBI by IPA that no other core hears of. */
  flushLocally(): void {
    this.#localStage1++;
  }

  copyFrom(other: Tlb): void {
    other.#hear();
    this.#clear();
    this.#vmid = this.#flushes.vmid;
    for (let run = 0; run < other.#runs; run++) {
      const age = (other.#ages[run] ?? 0) === other.#age ? this.#age : this.#age - 1;
      this.#add(
        other.#bases[run] ?? 0,
        other.#steps[run] ?? 0,
        other.#counts[run] ?? 0,
        other.#bytes[run] ?? 0,
        other.#writable[run] === 1,
        age,
      );
    }
  }

  /**
   * How many accesses of a loop, from one on, find their translations here, all in the same way; {@link how} says which.
   * They are {@link renewed}, or others are {@link used}, before anything else is looked for.
   *
   * @returns 0 where the first one does not
   */
  find(address: number, strideBytes: number, most: number): number {
    this.#hear();
    this.#found = -1;
    for (let run = this.#runs - 1; run >= 0; run--) {
      const index = this.#indexOf(run, address);
      if (index < 0) continue;
      this.#found = run;
      this.grantsWrites = this.#writable[run] === 1;
      this.how = (this.#ages[run] ?? 0) === this.#age ? HELD : HELD_STAGE_2;
      return Math.min(most, this.#accessesIn(run, index, address, strideBytes));
    }
    return 0;
  }

  /** How many accesses of a loop come before the first that finds its translation here: `most` where none does. */
  untilFound(address: number, strideBytes: number, most: number): number {
    this.#hear();
    let least = most;
    for (let run = 0; run < this.#runs; run++) {
      const [base, step] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1];
      const [count, bytes] = [this.#counts[run] ?? 0, this.#bytes[run] ?? 1];
      if (base + (count - 1) * step + bytes <= address) continue;
      // The first entry that begins at the address or behind it, or that a sparse loop comes to.
      const next = Math.max(0, Math.ceil((address - base) / step));
      if (next >= count) continue;
      const at = Math.ceil((base + next * step - address) / strideBytes);
      if (at < least && this.#indexOf(run, address + at * strideBytes) >= 0) least = at;
    }
    return least;
  }

  /**
   * Accesses of a loop were done, none of which has found its translation here.
   *
   * @param entryBytes - memory that a translation reaches
   * @param writable - whether it is known that it may be written
   */
  used(address: number, strideBytes: number, accesses: number, entryBytes: number, writable: boolean): void {
    this.#hear();
    const step = Math.max(strideBytes, entryBytes);
    const base = alignDown(address, entryBytes);
    const last = alignDown(address + (accesses - 1) * strideBytes, entryBytes);
    this.#add(base, step, Math.floor((last - base) / step) + 1, entryBytes, writable, this.#age);
    this.#evict();
  }

  /** Forgets the translations of a range, whose TLBI is complete. */
  drop(address: number, sizeBytes: number): void {
    this.#hear();
    const end = address + sizeBytes;
    for (let run = this.#runs - 1; run >= 0; run--) {
      const [base, step, count] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1, this.#counts[run] ?? 0];
      const bytes = this.#bytes[run] ?? 1;
      const first = Math.max(0, Math.floor((address - bytes - base) / step) + 1);
      const behind = Math.min(count, Math.ceil((end - base) / step));
      if (first < behind) this.#cutOut(run, first, behind);
    }
  }

  /** Of a stage-1 flush, of all cores or of its own. */
  get #age(): number {
    return this.#flushes.stage1 + this.#localStage1;
  }

  /** Takes in that everything was flushed. */
  #hear(): void {
    if (this.#vmid === this.#flushes.vmid) return;
    this.#vmid = this.#flushes.vmid;
    this.#clear();
  }

  #clear(): void {
    this.#runs = 0;
    this.#entries = 0;
    this.#found = -1;
  }

  /** Which entry of a run translates an address; -1 where none does. */
  #indexOf(run: number, address: number): number {
    const [base, step] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1];
    const offset = address - base;
    if (offset < 0) return -1;
    const index = Math.floor(offset / step);
    return index < (this.#counts[run] ?? 0) && offset - index * step < (this.#bytes[run] ?? 0) ? index : -1;
  }

  /** Accesses from one on, in an entry of a run, that stay in the run. */
  #accessesIn(run: number, index: number, address: number, strideBytes: number): number {
    const [base, step] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1];
    const [count, bytes] = [this.#counts[run] ?? 0, this.#bytes[run] ?? 0];
    // Entries side by side, or a loop of the same distance.
    if (step === bytes) return Math.ceil((base + count * step - address) / strideBytes);
    if (strideBytes === step) return count - index;
    return Math.ceil((base + index * step + bytes - address) / strideBytes);
  }

  /** Accesses of a loop were done that had found their translations here. What was flushed since then is not here again. */
  renewed(address: number, strideBytes: number, accesses: number, written: boolean): void {
    if (this.find(address, strideBytes, accesses) < accesses) return;
    const run = this.#found;
    const [base, step] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1];
    const [bytes, writable] = [this.#bytes[run] ?? 1, this.grantsWrites || written];
    const first = this.#indexOf(run, address);
    const last = this.#indexOf(run, address + (accesses - 1) * strideBytes);
    if (first < 0 || last < first) return;
    // Between entries that it hits a loop may leave some out: those keep their place, and it is not worth telling them apart.
    if (strideBytes > step && accesses > 1) return;
    this.#cutOut(run, first, last + 1);
    this.#add(base + first * step, step, last + 1 - first, bytes, writable, this.#age);
  }

  /** Takes entries out of a run: what stands before and behind them stays in its place. */
  #cutOut(run: number, first: number, behind: number): void {
    const count = this.#counts[run] ?? 0;
    const [base, step] = [this.#bases[run] ?? 0, this.#steps[run] ?? 1];
    this.#entries -= behind - first;
    if (first > 0 && behind < count) {
      this.#open(run + 1);
      this.#set(
        run + 1,
        base + behind * step,
        step,
        count - behind,
        this.#bytes[run] ?? 1,
        this.#writable[run] ?? 0,
        this.#ages[run] ?? 0,
      );
      this.#counts[run] = first;
    } else if (first > 0) this.#counts[run] = first;
    else if (behind < count) {
      this.#bases[run] = base + behind * step;
      this.#counts[run] = count - behind;
    } else this.#close(run);
  }

  /** Puts entries behind all others, as part of the last run where they go on from it. */
  #add(base: number, step: number, count: number, bytes: number, writable: boolean, age: number): void {
    const last = this.#runs - 1;
    this.#entries += count;
    const isAlike =
      this.#bytes[last] === bytes && this.#ages[last] === age && (this.#writable[last] === 1) === writable;
    if (last >= 0 && isAlike && this.#steps[last] === step) {
      const before = this.#counts[last] ?? 0;
      if ((this.#bases[last] ?? 0) + before * step === base) {
        this.#counts[last] = before + count;
        return;
      }
    }
    this.#open(this.#runs);
    this.#set(this.#runs - 1, base, step, count, bytes, writable ? 1 : 0, age);
  }

  /** Drops what was used longest ago, until there is no more than fits. */
  #evict(): void {
    let gone = 0;
    while (this.#entries > this.#capacity) {
      const count = this.#counts[gone] ?? 0;
      const over = this.#entries - this.#capacity;
      if (over < count) {
        this.#bases[gone] = (this.#bases[gone] ?? 0) + over * (this.#steps[gone] ?? 0);
        this.#counts[gone] = count - over;
        this.#entries -= over;
        break;
      }
      this.#entries -= count;
      gone++;
    }
    if (gone === 0) return;
    for (const column of this.#columns()) column.copyWithin(0, gone, this.#runs);
    this.#runs -= gone;
  }

  #set(run: number, base: number, step: number, count: number, bytes: number, writable: number, age: number): void {
    this.#bases[run] = base;
    this.#steps[run] = step;
    this.#counts[run] = count;
    this.#bytes[run] = bytes;
    this.#writable[run] = writable;
    this.#ages[run] = age;
  }

  /** Makes room for a run at a place. */
  #open(at: number): void {
    if (this.#runs === this.#bases.length) this.#grow();
    if (at < this.#runs) for (const column of this.#columns()) column.copyWithin(at + 1, at, this.#runs);
    this.#runs++;
  }

  #close(at: number): void {
    for (const column of this.#columns()) column.copyWithin(at, at + 1, this.#runs);
    this.#runs--;
  }

  #columns(): (Float64Array | Uint8Array)[] {
    return [this.#bases, this.#steps, this.#counts, this.#bytes, this.#writable, this.#ages];
  }

  #grow(): void {
    const room = 2 * this.#bases.length;
    const wide = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const wider = new Float64Array(room);
      wider.set(column);
      return wider;
    };
    this.#bases = wide(this.#bases);
    this.#steps = wide(this.#steps);
    this.#counts = wide(this.#counts);
    this.#bytes = wide(this.#bytes);
    this.#ages = wide(this.#ages);
    const writable = new Uint8Array(room);
    writable.set(this.#writable);
    this.#writable = writable;
  }
}

/** No bit operations: addresses go beyond 32 bits. */
function alignDown(address: number, sizeBytes: number): number {
  return address - (address % sizeBytes);
}
