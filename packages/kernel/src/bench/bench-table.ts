/** The table that a benchmark works on: 4K pages, a kernel that cleans in the map handler, no FEAT_S2FWB. */
import type { Strategy } from '@s2bench/core';
import { OK } from '@s2bench/core';
import { type Ipa, makeGeometry, Stage2Table, findEntry } from '@s2bench/core/stage2';
import { kernelModelOf } from '../kernel-model.ts';
import { MemoryCache } from '../memory-cache.ts';
import { Mapper } from '../v5/map.ts';
import { unmap } from '../v5/unmap.ts';
import { TallyEffects } from './tally-effects.ts';

export const PAGE_BYTES = 4096;
export const GIB = 2 ** 30;
const TABLE_BYTES = 512 * PAGE_BYTES;

/** Guest memory begins at 1 GiB, host memory at 512 GiB: blocks are possible at every level. */
const GUEST: Ipa = GIB;
const HOST = 512 * GIB;
const READ_WRITE = { read: true, write: true, execute: false, device: false };

/** A table with memory of some size, empty at first. */
export class BenchTable {
  readonly #table: Stage2Table;
  readonly #mapper: Mapper;
  readonly #cache = new MemoryCache(Infinity);
  readonly #sizeBytes: number;

  constructor(strategy: Strategy, sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
    this.#table = new Stage2Table({
      geometry: makeGeometry(PAGE_BYTES, 40),
      fwb: false,
      effects: new TallyEffects(),
    });
    this.#mapper = new Mapper(this.#table, kernelModelOf('v5.12p1'), strategy);
  }

  mapPageByPage(): void {
    for (let offset = 0; offset < this.#sizeBytes; offset += PAGE_BYTES) this.#map(offset, PAGE_BYTES);
  }

  /** One call for pages: the host address stands between two pages of a block, so that no block fits. */
  mapInOneCall(): void {
    const rc = this.#mapper.map(GUEST, this.#sizeBytes, HOST + PAGE_BYTES, READ_WRITE, this.#cache);
    if (rc !== OK) throw new Error(`a benchmark's map ended with errno ${-rc}`);
  }

  /** Populates every level-3 table page: a part of it from its first page on, in pages. */
  populate(part: number): void {
    const populatedBytes = TABLE_BYTES * part;
    for (let offset = 0; offset < this.#sizeBytes; offset += TABLE_BYTES) {
      // A page apart, or a full table would be a block.
      this.#map(offset, populatedBytes - PAGE_BYTES);
      this.#map(offset + populatedBytes - PAGE_BYTES, PAGE_BYTES);
    }
  }

  coalesce(): void {
    for (let offset = 0; offset < this.#sizeBytes; offset += GIB) this.#map(offset, GIB);
  }

  unmap(): void {
    unmap(this.#table, GUEST, this.#sizeBytes);
  }

  /** Translates every page; the sum of the entries found, which must not be optimised away. */
  translate(): number {
    let sum = 0;
    for (let offset = 0; offset < this.#sizeBytes; offset += PAGE_BYTES) {
      sum += findEntry(this.#table, GUEST + offset) ?? 0;
    }
    return sum;
  }

  #map(offset: number, sizeBytes: number): void {
    const rc = this.#mapper.map(GUEST + offset, sizeBytes, HOST + offset, READ_WRITE, this.#cache);
    if (rc !== OK) throw new Error(`a benchmark's map ended with errno ${-rc}`);
  }
}
