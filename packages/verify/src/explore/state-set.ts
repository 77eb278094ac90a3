/** The states that were reached, each stored whole: two states are the same only if all their words are. */
import { uint32At } from '@s2bench/core/stage2';

const CHUNK_BITS = 16;
const CHUNK_STATES = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_STATES - 1;
const FIRST_TABLE = 2 ** 16;
/** A slot of the table holds a state's number plus one, and above it five bits of its hash. */
const INDEX_BITS = 27;
const INDEX_MASK = (1 << INDEX_BITS) - 1;

/** States that a set can hold. */
export const MOST_STATES = INDEX_MASK - 1;

/** An append-only set of states with their parents, in chunks, so that growing copies nothing. */
export class StateSet {
  readonly #words: number;
  readonly #stride: number;
  readonly #chunks: Uint32Array[] = [];
  /** Open addressing; 0 is empty. At most half full. The bits of the hash spare most looks at other states. */
  #table = new Uint32Array(FIRST_TABLE);
  #size = 0;

  /** @param words - words of a state */
  constructor(words: number) {
    this.#words = words;
    this.#stride = words + 1;
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
    if (2 * this.#size >= this.#table.length) this.#grow();
    const mask = this.#table.length - 1;
    const hash = this.#hash(state, 0);
    const tag = hash & ~INDEX_MASK;
    let slot = hash & mask;
    for (;;) {
      const found = uint32At(this.#table, slot) | 0;
      if (found === 0) break;
      if ((found & ~INDEX_MASK) === tag && this.#equals((found & INDEX_MASK) - 1, state)) return false;
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = (this.#append(state, parent) + 1) | tag;
    return true;
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

  #append(state: Uint32Array, parent: number): number {
    const index = this.#size++;
    if ((index & CHUNK_MASK) === 0) this.#chunks.push(new Uint32Array(CHUNK_STATES * this.#stride));
    const chunk = this.#chunk(index);
    const to = (index & CHUNK_MASK) * this.#stride;
    for (let word = 0; word < this.#words; word++) chunk[to + word] = uint32At(state, word);
    chunk[to + this.#words] = parent;
    return index;
  }

  #equals(index: number, state: Uint32Array): boolean {
    const chunk = this.#chunk(index);
    const from = (index & CHUNK_MASK) * this.#stride;
    for (let word = 0; word < this.#words; word++) {
      if (uint32At(chunk, from + word) !== uint32At(state, word)) return false;
    }
    return true;
  }

  #grow(): void {
    const table = new Uint32Array(2 * this.#table.length);
    const mask = table.length - 1;
    for (let index = 0; index < this.#size; index++) {
      const hash = this.#hash(this.#chunk(index), (index & CHUNK_MASK) * this.#stride);
      let slot = hash & mask;
      while (uint32At(table, slot) !== 0) slot = (slot + 1) & mask;
      table[slot] = (index + 1) | (hash & ~INDEX_MASK);
    }
    this.#table = table;
  }

  /** Murmur3's mixing, word by word. */
  #hash(words: Uint32Array, from: number): number {
    let hash = 0x9747b28c;
    for (let word = 0; word < this.#words; word++) {
      let mixed = Math.imul(uint32At(words, from + word), 0xcc9e2d51);
      mixed = (mixed << 15) | (mixed >>> 17);
      hash ^= Math.imul(mixed, 0x1b873593);
      hash = (hash << 13) | (hash >>> 19);
      hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
    }
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  #chunk(index: number): Uint32Array {
    return this.#chunks[index >>> CHUNK_BITS] as Uint32Array;
  }
}
