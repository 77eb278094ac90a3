import type { AccessRun } from '@s2bench/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessesOf, loopsOf, PAGE_BYTES } from '../test/accesses.ts';
import { once, randomWrites, repeated, uniform } from './programs.ts';

const loop: fc.Arbitrary<AccessRun> = fc.record({
  startIpa: fc.nat({ max: 2 ** 40 }),
  count: fc.integer({ min: 1, max: 1000 }),
  strideBytes: fc.constantFrom(64, 4096, 2 ** 21),
  write: fc.boolean(),
});

const SOME: AccessRun = { startIpa: 2 ** 30, count: 3, strideBytes: PAGE_BYTES, write: true };

describe('once', () => {
  it('is one loop, as it was given, and then the end for good', () => {
    fc.assert(
      fc.property(loop, (given) => {
        const program = once(given);
        expect(loopsOf(program)).toEqual([given]);
        expect(program.next({ ...SOME })).toBe(false);
      }),
    );
  });

  it('fills the run that it is handed, and keeps no hold of it', () => {
    const program = repeated([SOME], 2, PAGE_BYTES);
    const run = { startIpa: 0, count: 0, strideBytes: 0, write: false };
    expect(program.next(run)).toBe(true);
    expect(run).toEqual(SOME);
    run.startIpa = run.count = run.strideBytes = 7;
    expect(program.next(run)).toBe(true);
    expect(run).toEqual({ ...SOME, startIpa: SOME.startIpa + PAGE_BYTES });
  });
});

describe('repeated', () => {
  it('goes through all its loops, then through all of them again one stride further on', () => {
    fc.assert(
      fc.property(
        fc.array(loop, { maxLength: 4 }),
        fc.nat({ max: 5 }),
        fc.nat({ max: 2 ** 30 }),
        (loops, repeats, stride) => {
          const wanted = Array.from({ length: repeats }, (_, repeat) =>
            loops.map((each) => ({ ...each, startIpa: each.startIpa + repeat * stride })),
          ).flat();
          expect(loopsOf(repeated(loops, repeats, stride))).toEqual(wanted);
        },
      ),
    );
  });

  it('stands for one vCPU: two of the same loops do not push each other on', () => {
    const [one, other] = [repeated([SOME], 2, PAGE_BYTES), repeated([SOME], 2, PAGE_BYTES)];
    one.next({ ...SOME });
    expect(loopsOf(other)).toHaveLength(2);
    expect(loopsOf(one)).toHaveLength(1);
  });
});

const ranges = fc.record({
  baseIpa: fc.nat({ max: 2 ** 20 }).map((page) => page * 65536),
  pages: fc.integer({ min: 1, max: 5000 }),
  pageSizeBytes: fc.constantFrom(4096, 16384, 65536),
  writes: fc.nat({ max: 50 }),
  seed: fc.integer(),
});

describe('randomWrites', () => {
  it('writes so many pages, each in the range and from its first byte', () => {
    fc.assert(
      fc.property(ranges, ({ baseIpa, pages, pageSizeBytes, writes, seed }) => {
        const loops = loopsOf(
          randomWrites({ baseIpa, memoryBytes: pages * pageSizeBytes, pageSizeBytes }, writes, seed),
        );
        expect(loops).toHaveLength(writes);
        for (const { startIpa, count, strideBytes, write } of loops) {
          expect([count, strideBytes, write]).toEqual([1, pageSizeBytes, true]);
          expect((startIpa - baseIpa) % pageSizeBytes).toBe(0);
          expect(startIpa).toBeGreaterThanOrEqual(baseIpa);
          expect(startIpa).toBeLessThan(baseIpa + pages * pageSizeBytes);
        }
      }),
    );
  });

  it('ends for good', () => {
    const program = randomWrites({ baseIpa: 0, memoryBytes: PAGE_BYTES, pageSizeBytes: PAGE_BYTES }, 1, 0);
    expect(loopsOf(program)).toHaveLength(1);
    expect(loopsOf(program)).toHaveLength(0);
  });

  it('draws the same pages for the same seed, and others for another', () => {
    const range = { baseIpa: 0, memoryBytes: 2 ** 30, pageSizeBytes: PAGE_BYTES };
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (seed, other) => {
        const pages = accessesOf(randomWrites(range, 20, seed));
        expect(accessesOf(randomWrites(range, 20, seed))).toEqual(pages);
        if (seed !== other) expect(accessesOf(randomWrites(range, 20, other))).not.toEqual(pages);
      }),
    );
  });

  it('draws with replacement, and reaches every page', () => {
    const range = { baseIpa: 0, memoryBytes: 64 * PAGE_BYTES, pageSizeBytes: PAGE_BYTES };
    const pages = accessesOf(randomWrites(range, 640, 1)).map(({ ipa }) => ipa / PAGE_BYTES);
    expect(new Set(pages).size).toBe(64);
    // The first one comes back before all have been drawn: no permutation.
    expect(new Set(pages.slice(0, 64)).size).toBeLessThan(64);
  });
});

/** splitmix32 in numbers that cannot overflow: what `uniform` does in 32-bit words. */
function splitmix32(seed: number, draws: number): number[] {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  let state = word(BigInt(seed));
  return Array.from({ length: draws }, () => {
    state = word(state + 0x9e3779b9n);
    let mixed = state ^ (state >> 16n);
    mixed = word(mixed * 0x21f0aaadn);
    mixed ^= mixed >> 15n;
    mixed = word(mixed * 0x735a2d97n);
    return Number(mixed ^ (mixed >> 15n)) / 4294967296;
  });
}

describe('uniform', () => {
  it('is splitmix32, for any seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = uniform(seed);
        expect(Array.from({ length: 5 }, () => random())).toEqual(splitmix32(seed, 5));
      }),
    );
  });

  it('is even: 64 bins of 1000 draws each differ no more than chance lets them', () => {
    const random = uniform(2021);
    const bins = new Array<number>(64).fill(0);
    for (let draw = 0; draw < 64_000; draw++) {
      const bin = Math.floor(random() * 64);
      bins[bin] = (bins[bin] ?? NaN) + 1;
    }
    expect(bins).toHaveLength(64);
    const chiSquare = bins.reduce((sum, drawn) => sum + (drawn - 1000) ** 2 / 1000, 0);
    // 63 degrees of freedom: 99.9 % of fair draws lie below 103.4, and 99.9 % above 33.9.
    expect(chiSquare).toBeGreaterThan(33.9);
    expect(chiSquare).toBeLessThan(103.4);
  });
});
