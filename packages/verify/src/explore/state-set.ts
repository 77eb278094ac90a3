/**
 * The states that were reached, each stored whole: two states are the same only if all their words are.
 *
 * Nearly all of its time it waits for memory, so that states come in batches: what the looks of a batch need is asked for
 * before any of them is made, and the processor fetches it all at once.
 */
import { uint32At } from '@s2bench/core/stage2';

const CHUNK_BITS = 16;
/** Memory for states is taken for so many at once. */
export const CHUNK_STATES = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_STATES - 1;
/** Slots of the first table, as a power of two. */
const FIRST_BITS = 16;
/** A slot holds the whole hash of a state, and its number plus one: 0 is empty. */
const SLOT_WORDS = 2;
/** At most 13 of 16 slots are taken. */
const FULL_OF_16 = 13;
/** States that are looked up together: what that fetches stays in the first cache. */
export const BATCH_STATES = 64;

/** States that a set can hold. */
export const MOST_STATES = 2 ** 31 - 2;

/** Murmur3's mixing, word by word. */
export function hashOf(state: Uint32Array, words: number): number {
  let hash = 0x9747b28c;
  for (let word = 0; word < words; word++) {
    let mixed = Math.imul(uint32At(state, word), 0xcc9e2d51);
    mixed = (mixed << 15) | (mixed >>> 17);
    hash ^= Math.imul(mixed, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Where a set keeps its states. */
export type Room = (words: number) => Uint32Array;

const OWN: Room = (words) => new Uint32Array(words);

/** An append-only set of states with their parents, in chunks, so that growing copies no state. */
export class StateSet {
  readonly #words: number;
  readonly #stride: number;
  readonly #room: Room;
  readonly #chunks: Uint32Array[] = [];
  /**
   * Open addressing by the upper bits of the hash. A table of twice the size has each state at twice its place, so that
   * growing goes through both from end to end.
   */
  #table = new Uint32Array(SLOT_WORDS << FIRST_BITS);
  #shift = 32 - FIRST_BITS;
  #size = 0;
  /** What was asked for ahead: kept, so that it is not taken for nothing. */
  #touched = 0;

  /** @param words - words of a state */
  constructor(words: number, room: Room = OWN) {
    this.#words = words;
    this.#stride = words + 1;
    this.#room = room;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that the set takes, room for growth included. */
  get bytes(): number {
    return (this.#chunks.length * CHUNK_STATES * this.#stride + this.#table.length) * 4;
  }

  /** Adds a state that was reached from `parent`; `false` where it was there. */
  add(state: Uint32Array, parent: number): boolean {
    const record = new Uint32Array(this.#words + 2);
    for (let word = 0; word < this.#words; word++) record[word] = uint32At(state, word);
    record[this.#words] = parent;
    record[this.#words + 1] = hashOf(state, this.#words);
    return this.#add(record, 0);
  }

  /**
   * Adds states one after the other.
   *
   * @param batch - of each its words, its parent, and its hash. Of one that was not there the hash becomes its number
   * plus one, of others 0.
   * @param first - of the states in the batch, and
   * @param end - the one behind the last
   * @returns how many were not there
   */
  addAll(batch: Uint32Array, first: number, end: number): number {
    const before = this.#size;
    for (let from = first; from < end; from += BATCH_STATES)
      this.#addBatch(batch, from, Math.min(end, from + BATCH_STATES));
    return this.#size - before;
  }

  /** Gives its memory back: somebody else has its states. */
  forget(): void {
    this.#chunks.length = 0;
    this.#table = new Uint32Array(SLOT_WORDS << FIRST_BITS);
    this.#shift = 32 - FIRST_BITS;
    this.#size = 0;
  }

  /** Takes over states that stand in its room already. They are all different. */
  adopt(count: number): void {
    const state = new Uint32Array(this.#words);
    for (let index = 0; index < count; index++) {
      if ((index & CHUNK_MASK) === 0) this.#chunks.push(this.#room(CHUNK_STATES * this.#stride));
      if ((index + 1) * 16 > (this.#table.length / SLOT_WORDS) * FULL_OF_16) this.#grow();
      this.#size++;
      this.read(index, state);
      const hash = hashOf(state, this.#words);
      this.#enter(this.#table, this.#shift, hash, index + 1);
    }
  }

  #addBatch(batch: Uint32Array, first: number, behind: number): void {
    const stride = this.#words + 2;
    const hashAt = stride - 1;
    while ((this.#size + behind - first) * 16 > (this.#table.length / SLOT_WORDS) * FULL_OF_16) this.#grow();
    const table = this.#table;
    const shift = this.#shift;
    const begin = first * stride;
    const end = behind * stride;
    let touched = 0;
    for (let at = begin + hashAt; at < end; at += stride) {
      touched += uint32At(table, (uint32At(batch, at) >>> shift) * SLOT_WORDS);
    }
    for (let at = begin + hashAt; at < end; at += stride) {
      const slot = (uint32At(batch, at) >>> shift) * SLOT_WORDS;
      const number = uint32At(table, slot + 1);
      if (number === 0 || uint32At(table, slot) !== uint32At(batch, at)) continue;
      touched += uint32At(this.#chunk(number - 1), ((number - 1) & CHUNK_MASK) * this.#stride);
    }
    this.#touched = (this.#touched + touched) | 0;
    for (let at = begin; at < end; at += stride) batch[at + hashAt] = this.#add(batch, at) ? this.#size : 0;
  }

  /** Copies a state into `to`. */
  read(index: number, to: Uint32Array): void {
    const chunk = this.#chunk(index);
    const from = (index & CHUNK_MASK) * this.#stride;
    for (let word = 0; word < this.#words; word++) to[word] = uint32At(chunk, from + word);
  }

  /** The state from which a state was first reached. The first one is its own parent. */
  parentOf(index: number): number {
    return uint32At(this.#chunk(index), (index & CHUNK_MASK) * this.#stride + this.#words);
  }

  #add(batch: Uint32Array, at: number): boolean {
    if ((this.#size + 1) * 16 > (this.#table.length / SLOT_WORDS) * FULL_OF_16) this.#grow();
    const table = this.#table;
    const last = table.length - SLOT_WORDS;
    const hash = uint32At(batch, at + this.#words + 1);
    let slot = (hash >>> this.#shift) * SLOT_WORDS;
    for (;;) {
      const number = uint32At(table, slot + 1);
      if (number === 0) break;
      if (uint32At(table, slot) === hash && this.#equals(number - 1, batch, at)) return false;
      slot = slot === last ? 0 : slot + SLOT_WORDS;
    }
    table[slot] = hash;
    table[slot + 1] = this.#append(batch, at) + 1;
    return true;
  }

  #append(batch: Uint32Array, at: number): number {
    const index = this.#size++;
    if ((index & CHUNK_MASK) === 0) this.#chunks.push(this.#room(CHUNK_STATES * this.#stride));
    const chunk = this.#chunk(index);
    const to = (index & CHUNK_MASK) * this.#stride;
    // The parent comes along.
    for (let word = 0; word <= this.#words; word++) chunk[to + word] = uint32At(batch, at + word);
    return index;
  }

  #equals(index: number, batch: Uint32Array, at: number): boolean {
    const chunk = this.#chunk(index);
    const from = (index & CHUNK_MASK) * this.#stride;
    for (let word = 0; word < this.#words; word++) {
      if (uint32At(chunk, from + word) !== uint32At(batch, at + word)) return false;
    }
    return true;
  }

  #grow(): void {
    const before = this.#table;
    const table = new Uint32Array(2 * before.length);
    const shift = --this.#shift;
    for (let from = 0; from < before.length; from += SLOT_WORDS) {
      const number = uint32At(before, from + 1);
      if (number === 0) continue;
      this.#enter(table, shift, uint32At(before, from), number);
    }
    this.#table = table;
  }

  #enter(table: Uint32Array, shift: number, hash: number, number: number): void {
    const last = table.length - SLOT_WORDS;
    let slot = (hash >>> shift) * SLOT_WORDS;
    while (uint32At(table, slot + 1) !== 0) slot = slot === last ? 0 : slot + SLOT_WORDS;
    table[slot] = hash;
    table[slot + 1] = number;
  }

  #chunk(index: number): Uint32Array {
    return this.#chunks[index >>> CHUNK_BITS] as Uint32Array;
  }
}
