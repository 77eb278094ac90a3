/** The arena of table pages: descriptors, reference counts and valid-entry counts in typed arrays. */
import type { Geometry } from './geometry.ts';
import { float64At, int32At, uint8At } from './typed-array.ts';

const INITIAL_SLOTS = 16;
/** From here on an arena doubles instead of growing fourfold. */
const LARGE_SLOTS = 16384;

/**
 * All table pages of one stage-2 table.
 *
 * A page has a *serial*, which counts allocations and is never reused: descriptors, effects and displays hold it. It
 * lives in a *slot*, which is reused after the page was freed.
 *
 * An entry has one index over the whole arena, `slot * entriesPerTable + i`; its descriptor's low word is at
 * `words[2 * entry]`, its high word behind it.
 */
export class TableArena {
  /** Low and high words of all descriptors, by entry. Replaced when the arena grows: do not keep it. */
  words: Uint32Array;
  /** References by slot: one of the page's own plus one per valid entry. 0 for a free slot. */
  refcounts: Int32Array;
  /** Valid entries by slot. Kept apart from the references, so that a miscounted reference shows. */
  validCounts: Int32Array;
  readonly entriesPerTable: number;
  /** Binary logarithm of {@link entriesPerTable}. */
  readonly entryBits: number;

  #serials: Int32Array;
  #slotsBySerial: Int32Array;
  #levels: Uint8Array;
  #bases: Float64Array;
  #slots = 0;
  #nextSerial = 0;
  #freeSlots: number[] = [];
  #live = 0;

  constructor(geometry: Geometry) {
    this.entriesPerTable = geometry.entriesPerTable;
    this.entryBits = Math.log2(geometry.entriesPerTable);
    this.words = new Uint32Array(INITIAL_SLOTS * this.entriesPerTable * 2);
    this.refcounts = new Int32Array(INITIAL_SLOTS);
    this.validCounts = new Int32Array(INITIAL_SLOTS);
    this.#serials = new Int32Array(INITIAL_SLOTS);
    this.#slotsBySerial = new Int32Array(INITIAL_SLOTS);
    this.#levels = new Uint8Array(INITIAL_SLOTS);
    this.#bases = new Float64Array(INITIAL_SLOTS);
  }

  /** Table pages allocated so far, the root's included. */
  get allocatedPages(): number {
    return this.#nextSerial;
  }

  /** Table pages that are not freed. */
  get livePages(): number {
    return this.#live;
  }

  /**
   * Allocates a zeroed table page that holds its own reference.
   *
   * @param level - the level of its entries
   * @param base - the first address that it translates
   * @returns its slot
   */
  allocate(level: number, base: number): number {
    const slot = this.#freeSlots.pop() ?? this.#appendSlot();
    this.refcounts[slot] = 1;
    this.validCounts[slot] = 0;
    this.#nameSlot(slot, this.#nextSerial++);
    this.#levels[slot] = level;
    this.#bases[slot] = base;
    this.#live++;
    return slot;
  }

  /** Frees a table page whatever its count says, as free_page() does in the kernel's page-table code. */
  free(slot: number): void {
    const from = slot * this.entriesPerTable * 2;
    this.words.fill(0, from, from + this.entriesPerTable * 2);
    this.refcounts[slot] = 0;
    this.#freeSlots.push(slot);
    this.#live--;
  }

  /** The slot that a table page lives in, or lived in when it was freed. */
  slotOfSerial(serial: number): number {
    return int32At(this.#slotsBySerial, serial);
  }

  serialOf(slot: number): number {
    return int32At(this.#serials, slot);
  }

  levelOf(slot: number): number {
    return uint8At(this.#levels, slot);
  }

  /** The first address that the table page in a slot translates. */
  baseOf(slot: number): number {
    return float64At(this.#bases, slot);
  }

  /** The table pages that are allocated, as slots in no particular order. */
  *liveSlots(): Generator<number> {
    for (let slot = 0; slot < this.#slots; slot++) {
      if (int32At(this.refcounts, slot) !== 0) yield slot;
    }
  }

  /** Makes room for so many table pages at once. Room that is never written costs address space only. */
  reserve(slots: number): void {
    if (slots > this.refcounts.length) this.#resize(slots);
  }

  /** Takes over the contents of another arena of the same geometry; what stands here is lost. */
  copyFrom(other: TableArena): void {
    const slots = other.#slots;
    if (this.refcounts.length < slots) this.#resize(other.refcounts.length);
    // What lies behind the slots in use must read as zero, as in a new arena.
    if (this.#slots > slots)
      this.words.fill(0, slots * this.entriesPerTable * 2, this.#slots * this.entriesPerTable * 2);
    this.words.set(other.words.subarray(0, slots * this.entriesPerTable * 2));
    this.refcounts.fill(0, slots);
    this.refcounts.set(other.refcounts.subarray(0, slots));
    this.validCounts.set(other.validCounts.subarray(0, slots));
    this.#serials.set(other.#serials.subarray(0, slots));
    this.#levels.set(other.#levels.subarray(0, slots));
    this.#bases.set(other.#bases.subarray(0, slots));
    this.#slotsBySerial = other.#slotsBySerial.slice();
    this.#freeSlots = [...other.#freeSlots];
    this.#slots = slots;
    this.#nextSerial = other.#nextSerial;
    this.#live = other.#live;
  }

  #nameSlot(slot: number, serial: number): void {
    if (serial === this.#slotsBySerial.length) {
      this.#slotsBySerial = copied(this.#slotsBySerial, new Int32Array(serial * 2));
    }
    this.#serials[slot] = serial;
    this.#slotsBySerial[serial] = slot;
  }

  #appendSlot(): number {
    if (this.#slots === this.refcounts.length) this.#grow();
    return this.#slots++;
  }

  #grow(): void {
    // Each step copies what is there; small arenas take larger steps. Memory that is not written is not resident.
    this.#resize(this.refcounts.length * (this.refcounts.length < LARGE_SLOTS ? 4 : 2));
  }

  #resize(slots: number): void {
    this.words = copied(this.words, new Uint32Array(slots * this.entriesPerTable * 2));
    this.refcounts = copied(this.refcounts, new Int32Array(slots));
    this.validCounts = copied(this.validCounts, new Int32Array(slots));
    this.#serials = copied(this.#serials, new Int32Array(slots));
    this.#levels = copied(this.#levels, new Uint8Array(slots));
    this.#bases = copied(this.#bases, new Float64Array(slots));
  }
}

function copied<T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
