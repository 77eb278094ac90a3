/** Guest programs that workloads are made of. */
import type { AccessRun, GuestProgram } from '@s2bench/kernel';

/** One strided loop, as a value. */
export type Loop = Readonly<AccessRun>;

/** Runs `loopsPerRepeat` loops over and over, each repeat `strideBytes` further on. */
class RepeatedLoops implements GuestProgram {
  readonly #loops: readonly Loop[];
  readonly #repeats: number;
  readonly #strideBytes: number;
  #repeat = 0;
  #loop = 0;

  constructor(loops: readonly Loop[], repeats: number, strideBytes: number) {
    this.#loops = loops;
    this.#repeats = repeats;
    this.#strideBytes = strideBytes;
  }

  next(run: AccessRun): boolean {
    const loop = this.#loops[this.#loop];
    if (loop === undefined || this.#repeat >= this.#repeats || loop.count === 0) return false;
    run.startIpa = loop.startIpa + this.#repeat * this.#strideBytes;
    run.count = loop.count;
    run.strideBytes = loop.strideBytes;
    run.write = loop.write;
    if (++this.#loop === this.#loops.length) {
      this.#loop = 0;
      this.#repeat++;
    }
    return true;
  }
}

/** A program of one loop. */
export function once(loop: Loop): GuestProgram {
  return new RepeatedLoops([loop], 1, 0);
}

/** A program that runs loops again and again, each time `strideBytes` further on. */
export function repeated(loops: readonly Loop[], repeats: number, strideBytes: number): GuestProgram {
  return new RepeatedLoops(loops, repeats, strideBytes);
}

/** The accesses of a loop, each of which is a write by chance: in the loop's order, or as many that are drawn from it. */
class MixedAccesses implements GuestProgram {
  readonly #loop: Loop;
  readonly #writeChance: number;
  readonly #drawn: boolean;
  readonly #random: () => number;
  #index = 0;

  constructor(loop: Loop, writeChance: number, seed: number, drawn: boolean) {
    this.#loop = loop;
    this.#writeChance = writeChance;
    this.#drawn = drawn;
    this.#random = uniform(seed);
  }

  next(run: AccessRun): boolean {
    const { startIpa, count, strideBytes } = this.#loop;
    if (this.#index === count) return false;
    const index = this.#index++;
    run.startIpa = startIpa + (this.#drawn ? Math.floor(this.#random() * count) : index) * strideBytes;
    run.count = 1;
    run.strideBytes = strideBytes;
    run.write = this.#random() < this.#writeChance;
    return true;
  }
}

/** A program that goes through a loop, writing with a chance and else reading. The same seed draws the same. */
export function mixedWalk(loop: Loop, writeChance: number, seed: number): GuestProgram {
  return new MixedAccesses(loop, writeChance, seed, false);
}

/** A program of as many accesses as a loop has, each to a place of the loop that is drawn with replacement. */
export function mixedDraws(loop: Loop, writeChance: number, seed: number): GuestProgram {
  return new MixedAccesses(loop, writeChance, seed, true);
}

/** A seed of its own for each round and vCPU: neighbouring seeds must not draw neighbouring pages. */
export function seedOf(seed: number, round: number, vcpu: number): number {
  return Math.imul(Math.imul(seed + 1, 0x85ebca6b) ^ (round * 0x10001 + vcpu), 0xc2b2ae35);
}

/** Writes pages at random. */
class RandomWrites implements GuestProgram {
  readonly #baseIpa: number;
  readonly #pages: number;
  readonly #pageSizeBytes: number;
  readonly #random: () => number;
  #left: number;

  constructor(baseIpa: number, pages: number, pageSizeBytes: number, writes: number, seed: number) {
    this.#baseIpa = baseIpa;
    this.#pages = pages;
    this.#pageSizeBytes = pageSizeBytes;
    this.#left = writes;
    this.#random = uniform(seed);
  }

  next(run: AccessRun): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    run.startIpa = this.#baseIpa + Math.floor(this.#random() * this.#pages) * this.#pageSizeBytes;
    run.count = 1;
    run.strideBytes = this.#pageSizeBytes;
    run.write = true;
    return true;
  }
}

/** A program that writes `writes` pages, drawn with replacement. The same seed draws the same pages. */
export function randomWrites(
  range: { readonly baseIpa: number; readonly memoryBytes: number; readonly pageSizeBytes: number },
  writes: number,
  seed: number,
): GuestProgram {
  return new RandomWrites(range.baseIpa, range.memoryBytes / range.pageSizeBytes, range.pageSizeBytes, writes, seed);
}

/** Uniform numbers in [0, 1): splitmix32, which needs a seed of one word and passes the usual tests. */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
