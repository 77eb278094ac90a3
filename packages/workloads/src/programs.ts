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
    if (loop === undefined || this.#repeat >= this.#repeats) return false;
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
